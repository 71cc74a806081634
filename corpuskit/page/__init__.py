"""What an HTML page says about itself: its title, its dates, its authors, and where it shows them."""
