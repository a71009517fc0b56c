"""Pages as one HTML file each: templates, their styles and scripts, and how untrusted text is kept inert."""
