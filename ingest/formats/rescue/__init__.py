"""The two files of a RoboCup Rescue map: `plan` the areas and how they join, `cast` who and what stands on them."""
