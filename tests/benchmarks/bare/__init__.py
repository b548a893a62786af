"""The bare side of every comparison: libraries and bytes, and nothing of ours.

What is here imports neither ``crypto`` nor ``service`` nor the rest of the tests. Whoever measures
hands over bytes, texts and numbers.
"""
