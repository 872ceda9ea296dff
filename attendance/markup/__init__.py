"""Text that others draw: HTML, Mermaid, DOT, and SVG and PNG of it. Names are made safe here, and only here."""
