"""What a run does to buildings, people and roads.

assess    all of it, with the rules that were used     compare   two runs side by side
exposure  depth at buildings and facilities            worst     danger classes, the worst of all frames
over_time when and how long                            tally     counts and sums of water
fates     what became of buildings in a fire            fire      counts and sums of fires
fire_compare  two fires side by side
fire_reach  roads and places in the fire                indoor    rooms and their people
roads, sections, closures   which streets close to which vehicles, from when until when
"""
