"""What the program remembers of radiographs it has seen: results, judgements, truth; never where they lie."""
