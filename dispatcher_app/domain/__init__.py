"""The trade itself: what an order is and what may happen to it. No input, output, clock or chance."""
