"""How static files are stored for production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_Stored = CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed, with far-future names.

    In our own modules the names of what they import are rewritten.

    Vendored scripts are left as they are: some name a source map that we do not ship.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        _Stored._js_module_import_aggregation_patterns[1],
    )
    patterns = tuple(pattern for pattern in _Stored.patterns if pattern[0] != "*.js")
    # A module's name changes with the names of what it imports: a chain of imports takes a pass for
    # each link.
    max_post_process_passes = 30
    keep_intermediate_files = False
