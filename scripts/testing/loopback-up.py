"""Switches the loopback on: in a new network it is down."""
import fcntl
import socket
import struct

# From linux/sockios.h and linux/if.h.
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1

with socket.socket() as any_socket:
    request = struct.pack("16sH", b"lo", 0)
    flags = struct.unpack("16sH", fcntl.ioctl(any_socket, GET_FLAGS, request))[1]
    fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH", b"lo", flags | UP))
