"""The portal's own PostgreSQL and Valkey, for machines that have none.

Whoever needs a server calls `ensure()`: it starts the server if nobody has, and counts this process among its
users for as long as the process lives. The last user to leave stops it. Nothing here runs when
DATABASE_URL and REDIS_URL are set.
"""
