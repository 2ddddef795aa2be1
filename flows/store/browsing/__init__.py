"""What the pages of `flows/browse` are made of: reading the published file for people who look.

`newest` opens the file that was published last; the others are questions to it, one file for each
thing that is looked at. Views that an older or newer program's file has not are left out.
"""
