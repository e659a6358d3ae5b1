"""The generator of 가온시 (Gaon): a made-up Korean district, drawn from a plan and a seed. No real place."""
