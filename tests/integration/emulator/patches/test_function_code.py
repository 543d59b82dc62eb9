from tests.integration.emulator.localstack import output_of

# Two functions with the same code: the second is prepared although the archive can no
# longer be read, and keeps its files when the first is deleted.
TWO_FUNCTIONS = """
import io, zipfile
from localstack.services.lambda_.invocation.lambda_models import S3Code
from tidemark_localstack.patches.lambda_ import function_code

archive = io.BytesIO()
with zipfile.ZipFile(archive, "w") as bundle:
    bundle.writestr("services/handler.py", "handler")
downloads = []

def download(code, target):
    downloads.append(code.id)
    target.write(archive.getvalue())
    target.flush()

S3Code._download_archive_to_file = download
function_code.apply()
one, two = [
    S3Code(
        id=f"test-{name}", account_id="0", s3_bucket="bucket", s3_key="key",
        s3_object_version=None, code_sha256=sha, code_size=1,
    )
    for name, sha in CODES
]
one.prepare_for_execution()
two.prepare_for_execution()
one.destroy_cached()
print(one.get_unzipped_code_location().exists())
print((two.get_unzipped_code_location() / "services" / "handler.py").read_text())
print(len(downloads))
two.destroy_cached()
print(two.get_unzipped_code_location().exists())
one.prepare_for_execution()
print((one.get_unzipped_code_location() / "services" / "handler.py").read_text())
one.destroy_cached()
"""


def test_functions_with_the_same_code_share_its_files_as_long_as_either_runs() -> None:
    same = output_of(f"CODES = [('one', 'a'), ('two', 'a')]{TWO_FUNCTIONS}")

    assert same == ["False", "handler", "1", "False", "handler"]


def test_functions_with_different_code_share_nothing() -> None:
    different = output_of(f"CODES = [('one', 'a'), ('two', 'b')]{TWO_FUNCTIONS}")

    assert different == ["False", "handler", "2", "False", "handler"]
