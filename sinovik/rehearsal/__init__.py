"""A whole KIPP year lived through the real actions, for the demonstration and for the dress rehearsal."""
