"""Whole lines that the rivals drop: the "few patterns" of their part of the work. The same list for all."""

from __future__ import annotations

import re
from typing import Final

LINES: Final = (
    r"(?:แชร์|share|tweet|pin it)(?:\s+(?:ข่าวนี้|หน้านี้|this|on \w+))?",
    r"(?:พิมพ์|print)(?:\s+(?:หน้านี้|this page))?",
    r"(?:ความคิดเห็น|comments?)\s*\(?\d*\)?",
    r"(?:อ่านต่อ|อ่านเพิ่มเติม|read more)\s*[.…»>]*",
    r"(?:ข่าวที่เกี่ยวข้อง|เรื่องที่เกี่ยวข้อง|related (?:news|articles|posts))\s*:?",
    r"(?:หน้าแรก|หน้าหลัก|home)(?:\s*[>»/|].*)?",
    r"(?:เข้าสู่ระบบ|สมัครสมาชิก|ออกจากระบบ|log ?in|sign (?:in|up)|register)",
    r"(?:แท็ก|tags?)\s*:.*",
    r"(?:ผู้เข้าชม|จำนวนผู้เข้าชม|เข้าชม|views?)\s*:?\s*[\d,]+(?:\s*ครั้ง)?",
    r"(?:ก่อนหน้า|ถัดไป|previous|next|«|»|‹|›)",
    r"(?:©|copyright|สงวนลิขสิทธิ์).*",
    r"(?:ติดตามเราได้ที่|follow us(?: on)?)\s*:?.*",
    r"!\[[^\]]*\]\([^)]*\)",
    r"[-_=*.•\s]{3,}",
)
DROP: Final = re.compile("|".join(LINES), re.IGNORECASE)
#: Longer lines are never looked at: the patterns mean short ones.
LONGEST: Final = 200


def drops(line: str) -> bool:
    """Whether a line goes."""
    line = line.strip()
    return len(line) <= LONGEST and DROP.fullmatch(line) is not None
