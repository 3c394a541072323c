"""The sample base: real orders of a British shop, made-up people around them, everything scored."""
