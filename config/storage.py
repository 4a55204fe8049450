"""How static files are stored for production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed, with far-future names. Scripts are left as they are: some of others name a source map that we do not ship."""

    patterns = tuple(
        pattern for pattern in CompressedManifestStaticFilesStorage.patterns if pattern[0] != "*.js"
    )
