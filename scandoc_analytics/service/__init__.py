"""HTTP: what was asked goes in, payloads come out, and what is settled is kept.

The only place that imports requests and requests-cache.
"""
