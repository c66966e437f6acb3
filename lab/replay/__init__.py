"""Replays a real contest against a running server, over HTTP only, as its people would act.

Nothing here touches a database: what the server accepts and answers is all there is. It needs
a server in demo mode, whose clock can be set forward and whose text messages can be read.
"""
