"""One run from its start to its record.

simulate    prepare, advance, act, keep the books     march   frames and measures in their order
checkpoint  what a run goes on from                   pace    time left
"""
