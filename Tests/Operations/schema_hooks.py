import schemathesis

# A content coding that is announced and not applied, or a wrong length of the JSON in front of binary tensors, makes a
# request invalid that no schema can tell from others.
UNSAYABLE_HEADERS = {"content-encoding", "inference-header-content-length"}
# Nor can a schema say what a sound file is: these have tests and fuzz targets of their own.
FILES = {"image/png", "application/x-npy", "application/vnd.safetensors", "application/octet-stream"}


@schemathesis.hook
def filter_case(context, case):
    """Keeps the cases whose soundness the schema knows.

    HTTP lets a server ignore headers that it does not know, so an unknown one makes no request invalid.
    """
    names = {name.lower() for name in case.headers or {}}
    return (
        not names & (UNSAYABLE_HEADERS | {"x-schemathesis-unknown-property"})
        and case.media_type not in FILES
        and "" not in (case.query or {}))
