"""What the pages ask and say, one room per subject; ui/kit holds what all of them use."""
