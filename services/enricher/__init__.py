"""Who, where, when, how many, who said it: the same in both scripts."""
