"""What happens when something goes wrong: a calm dialog, a log without names, a word at the next start."""
