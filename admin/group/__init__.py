"""The house of a group's own administrators, at /group/<slug>: all they see and do lies in that group and below."""
