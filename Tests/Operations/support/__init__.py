"""What the operations tests share: the server as a process, HTTP by hand, load, requests."""
