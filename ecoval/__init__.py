"""Value eco-environmental damage in China and write the expert opinion."""
