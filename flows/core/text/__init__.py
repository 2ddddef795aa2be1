"""How bytes, times, words and boilerplate are read, once for every stage."""
