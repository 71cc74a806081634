/* What scan.py and the repair's suspects do with numpy, in one pass over the code points: the same numbers.

   Optional: where no compiler is at hand the package installs without this file's module (see pyproject.toml),
   and numpy does the work. tests/test_scan.py compares the two. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000 /* one build for Python 3.11 and all later ones */
#include <Python.h>
#include <stdint.h>
#include <string.h>

#define VERSION 2 /* of what follows, as scan.py calls it: a module made of older sources is left alone */
#define KINDS 32 /* classes of characters, with room */
#define NEWLINE 0x0A
#define SPACE 0x20
#define ZERO 0x30
#define EDGE 4 /* characters that are skipped at most before the first or last telling one */

/* One code point, as scan.py packs it. */
typedef struct {
    uint32_t key, shape;
    uint8_t kind, unspaced, skipped, spare;
} Trait;

typedef struct {
    const Trait *known;
    uint32_t size;
    const Trait *ranges; /* beyond the table: shape is the first code point of the range, kind its class */
    Py_ssize_t count;
} Table;

static inline const Trait *trait(const Table *table, uint32_t point)
{
    if (point < table->size)
        return table->known + point;
    const Trait *found = table->ranges;
    for (Py_ssize_t i = 1; i < table->count && table->ranges[i].shape <= point; i++)
        found = table->ranges + i;
    return found;
}

static uint8_t edge(const Table *table, const uint32_t *at, const uint32_t *bound, int step)
{
    for (int i = 0; i < EDGE && at != bound && trait(table, *at)->skipped; i++)
        at += step;
    return at != bound ? trait(table, *at)->kind : table->known[NEWLINE].kind;
}

static inline int unspaced(const Table *table, uint32_t key)
{
    return table->known[key < table->size ? key : table->size - 1].unspaced;
}

/* Counts the classes of a line and appends it as duplicates are compared by; the end of what is written. */
static uint32_t *fold(const Table *table, const uint32_t *at, const uint32_t *end, int32_t *counts, uint32_t *key)
{
    uint32_t before = NEWLINE;
    int gap = 0;
    memset(counts, 0, KINDS * sizeof *counts);
    for (; at < end; at++) {
        const Trait *seen = trait(table, *at);
        const uint32_t folded = *at < table->size ? seen->key : *at;
        counts[seen->kind % KINDS]++;
        if (folded <= SPACE && folded != NEWLINE) { /* white space, or nothing */
            gap |= folded == SPACE;
            continue;
        }
        if (gap && before != NEWLINE && folded != NEWLINE && !unspaced(table, before) && !unspaced(table, folded))
            *key++ = SPACE;
        *key++ = before = folded;
        gap = 0;
    }
    return key;
}

/* Appends the shape of a line; the end of what is written. */
static uint32_t *outline(const Table *table, const uint32_t *at, const uint32_t *end, uint32_t *shape)
{
    uint32_t before = NEWLINE;
    for (; at < end; at++) {
        const uint32_t form = *at < table->size ? table->known[*at].shape : *at;
        if (form && (form != ZERO || before != ZERO))
            *shape++ = before = form;
    }
    return shape;
}

static PyObject *scan(PyObject *self, PyObject *args)
{
    Py_buffer points, ends, known, ranges, counts, firsts, lasts, keys, key_ends, shapes, shape_ends;
    Py_ssize_t longest;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*nw*w*w*w*w*w*w*", &points, &ends, &known, &ranges, &longest, &counts, &firsts,
                          &lasts, &keys, &key_ends, &shapes, &shape_ends))
        return NULL;

    const uint32_t *text = points.buf;
    const int64_t *end = ends.buf;
    const Py_ssize_t size = points.len / 4, lines = ends.len / 8;
    const Table table = {known.buf, (uint32_t)(known.len / sizeof(Trait)), ranges.buf, ranges.len / sizeof(Trait)};
    int fits = counts.len >= lines * KINDS * 4 && firsts.len >= lines && lasts.len >= lines && keys.len >= points.len
               && key_ends.len >= ends.len && shapes.len >= points.len && table.size > NEWLINE && table.count;
    Py_ssize_t start = 0, rows = 0;
    for (Py_ssize_t line = 0; fits && line < lines; line++) {
        fits = end[line] >= start && end[line] < size;
        rows += fits && end[line] - start <= longest;
        start = end[line] + 1;
    }
    fits = fits && start == size && shape_ends.len >= rows * 8;

    uint32_t *key = keys.buf, *shape = shapes.buf;
    int64_t *shape_end = shape_ends.buf;
    start = 0;
    for (Py_ssize_t line = 0; fits && line < lines; line++) {
        const uint32_t *first = text + start, *past = text + end[line] + 1;
        key = fold(&table, first, past, (int32_t *)counts.buf + line * KINDS, key);
        ((int64_t *)key_ends.buf)[line] = key - (uint32_t *)keys.buf - 1;
        ((uint8_t *)firsts.buf)[line] = edge(&table, first, past - 1, 1);
        ((uint8_t *)lasts.buf)[line] = edge(&table, past - 2, first - 1, -1);
        if (end[line] - start <= longest) {
            shape = outline(&table, first, past, shape);
            *shape_end++ = shape - (uint32_t *)shapes.buf - 1;
        }
        start = end[line] + 1;
    }
    const Py_ssize_t folded = key - (uint32_t *)keys.buf, outlined = shape - (uint32_t *)shapes.buf;
    Py_buffer *all[] = {&points, &ends, &known, &ranges, &counts, &firsts, &lasts, &keys, &key_ends, &shapes, &shape_ends};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        PyBuffer_Release(all[i]);
    if (!fits) {
        PyErr_SetString(PyExc_ValueError, "the buffers do not fit the text, or its last line has no end");
        return NULL;
    }
    return Py_BuildValue("nnn", folded, outlined, rows);
}

static PyObject *neighbours(PyObject *self, PyObject *args)
{
    Py_buffer points, kinds, pairs, flags;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*w*", &points, &kinds, &pairs, &flags))
        return NULL;
    const uint32_t *text = points.buf;
    const uint8_t *kind = kinds.buf, *pair = pairs.buf;
    uint8_t *flag = flags.buf;
    const Py_ssize_t size = points.len / 4;
    const uint32_t last = (uint32_t)kinds.len - 1;
    const int fits = flags.len >= size - 1 && kinds.len && pairs.len == 1 << 16;
    uint32_t before = fits && size ? kind[text[0] < last ? text[0] : last] : 0;
    for (Py_ssize_t i = 1; fits && i < size; i++) {
        const uint32_t here = kind[text[i] < last ? text[i] : last];
        flag[i - 1] = pair[before << 8 | here];
        before = here;
    }
    PyBuffer_Release(&points);
    PyBuffer_Release(&kinds);
    PyBuffer_Release(&pairs);
    PyBuffer_Release(&flags);
    if (!fits) {
        PyErr_SetString(PyExc_ValueError, "the buffers do not fit the text");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *stretches(PyObject *self, PyObject *args)
{
    Py_buffer points, ends;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*", &points, &ends))
        return NULL;
    const uint32_t *text = points.buf;
    const int64_t *end = ends.buf;
    const Py_ssize_t size = points.len / 4, lines = ends.len / 8;
    PyObject *all = PyList_New(lines);
    Py_ssize_t start = 0;
    for (Py_ssize_t line = 0; all && line < lines; line++) {
        const int fits = end[line] >= start && end[line] < size;
        PyObject *stretch = fits ? PyBytes_FromStringAndSize((const char *)(text + start), (end[line] - start) * 4) : NULL;
        if (!fits)
            PyErr_SetString(PyExc_ValueError, "the buffers do not fit the text");
        if (stretch)
            PyList_SetItem(all, line, stretch);
        else
            Py_CLEAR(all);
        start = end[line] + 1;
    }
    PyBuffer_Release(&points);
    PyBuffer_Release(&ends);
    return all;
}

/* Whether codes of 8 or 16 bits hold a control character but newlines: loops that compilers turn into vectors. */
#define ANY_CONTROL(type, codes, any)                                                                                  \
    {                                                                                                                  \
        const type *code = (codes).buf;                                                                                \
        type found = 0;                                                                                                \
        for (Py_ssize_t i = 0; i < (codes).len / (Py_ssize_t)sizeof(type); i++)                                        \
            found |= (type)((code[i] < SPACE) & (code[i] != NEWLINE));                                                 \
        any = found;                                                                                                   \
    }

static PyObject *controls(PyObject *self, PyObject *args)
{
    Py_buffer codes;
    int width, any;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*i", &codes, &width))
        return NULL;
    if (width == 1)
        ANY_CONTROL(uint8_t, codes, any)
    else
        ANY_CONTROL(uint16_t, codes, any)
    PyBuffer_Release(&codes);
    return PyBool_FromLong(any);
}

static PyMethodDef methods[] = {
    {"scan", scan, METH_VARARGS, "Classes, edges, keys and shapes of lines: fills the arrays, returns the sizes of keys, shapes and their ends."},
    {"neighbours", neighbours, METH_VARARGS, "Flags of each two neighbours of a text, by their kinds."},
    {"stretches", stretches, METH_VARARGS, "The bytes of each stretch up to one of the ends, which are left out."},
    {"controls", controls, METH_VARARGS, "Whether there is a control character but newlines."},
    {NULL, NULL, 0, NULL},
};

static int tell_version(PyObject *module) { return PyModule_AddIntConstant(module, "VERSION", VERSION); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, tell_version}, {0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_scan", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__scan(void) { return PyModuleDef_Init(&module); }
