"""Certificates for tests, made on the spot."""

import pathlib
import ssl

import trustme


class Authorities:
    """One authority that everybody trusts and one that nobody does."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.trusted, self.rogue = trustme.CA(), trustme.CA()
        self.trusted.cert_pem.write_to_path(str(folder / "ca.pem"))
        self.issue()

    @property
    def certificate(self) -> str:
        return str(self.folder / "server.pem")

    @property
    def key(self) -> str:
        return str(self.folder / "server.key")

    @property
    def authority(self) -> str:
        return str(self.folder / "ca.pem")

    def issue(self):
        """Writes a new certificate and key for the server over the old ones."""
        issued = self.trusted.issue_cert("localhost")
        issued.private_key_pem.write_to_path(self.key)
        chain = b"".join(part.bytes() for part in issued.cert_chain_pems)
        pathlib.Path(self.certificate).write_bytes(chain)

    def client(self, authority: trustme.CA | None = None, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        """A client that trusts the server, and shows a certificate of `authority` where one is given."""
        context = ssl.create_default_context(cafile=self.authority)
        if authority:
            authority.issue_cert("client@example.org").configure_cert(context)
        if version:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
        return context
