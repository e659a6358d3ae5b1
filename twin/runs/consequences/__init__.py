"""What a run does to buildings, people and roads.

assess    all of it, with the rules that were used     compare   two runs side by side
exposure  depth at buildings and facilities            worst     danger classes, the worst of all frames
over_time when and how long                            tally     counts and sums
roads, sections, closures   which streets close to which vehicles, from when until when
"""
