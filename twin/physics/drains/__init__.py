"""Storm drains as a network of shafts and pipes: arrays in, heads and flows out. They know no city and no surface.

network   what a network is                       laying  how one is made of single pipes that meet
exchange  how much passes an inlet                inp     a network as an input file of SWMM
swmm      the network at work, in EPA's SWMM 5.2 through the packages pyswmm and swmm-toolkit
"""
