"""What the national system exports, held against what stands here: the national date and number win."""
