from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(visitor, url: str, **query) -> int:
    """How many questions a page asks the database; the session is asked once before."""
    visitor.get(url, query)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert visitor.get(url, query).status_code == 200
    return len(asked)
