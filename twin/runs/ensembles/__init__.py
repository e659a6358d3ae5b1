"""Many runs of one scenario, each a little different.

ensemble  the whole of it                 members     what differs, drawn from the seed
workers   processes side by side          member      one run in its process
made      names, limits and shares           statistics  probability and quantiles, per cell and per building
"""
