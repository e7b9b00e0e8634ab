package dev.parley.media.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.control.UploadAnswer.Header;
import dev.parley.common.control.UploadAnswer.Place;
import dev.parley.common.control.UploadAnswer.StoreRequest;
import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.BucketAddress;
import dev.parley.common.s3.QuerySigner;
import dev.parley.common.s3.UrlRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreSignersTest {
  private static final long NOW_SEC = 1_795_000_000;
  private static final Place PLACE =
      new Place("eu-1", "http://127.0.0.1:9000", "/b", "eu-central-1", "ob_1");

  @TempDir Path folder;

  @Test
  void whatItSignsIsWhatTheSessionTierWouldSign() throws Exception {
    StoreSigners signers =
        read("# stores of ours", "", "eu-1 AKID:secret-of-it", "us-1 A2D:another-1");
    UrlRequest part = UrlRequest.part("ob_1", "u 1", 3, "hash=");

    StoreRequest request = signers.sign(PLACE, part);

    QuerySigner reference =
        new QuerySigner(
            new BucketAddress("http://127.0.0.1:9000", "127.0.0.1:9000", "/b"),
            new AccessKey("AKID", "secret-of-it"),
            "eu-central-1");
    assertThat(request.url()).isEqualTo(reference.sign(part, NOW_SEC, 900));
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.headers()).containsExactly(new Header(UrlRequest.SHA256, "hash="));
  }

  @Test
  void itSignsForNoStoreWithoutItsKey() throws Exception {
    StoreSigners signers = read("us-1 AKID:secret-of-it");

    assertThat(signers.canSign(PLACE)).isFalse();
    assertThat(signers.isEmpty()).isFalse();
    assertThat(read().isEmpty()).isTrue();
  }

  @Test
  void aWrongLineIsNamedAndItsSecretIsNot() {
    for (String wrong : new String[] {"eu-1", "eu-1 AKID secret-of-it", "eu-1 AKID:short"}) {
      assertThatThrownBy(() -> read("us-1 AKID:secret-of-it", wrong))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("line 2")
          .message()
          .doesNotContain("secret-", "short");
    }
    assertThatThrownBy(() -> read("eu-1 AKID:secret-of-it", "eu-1 AKID:secret-of-it"))
        .hasMessageContaining("line 2");
  }

  private StoreSigners read(String... lines) throws IOException {
    Path file = folder.resolve("keys");
    Files.writeString(file, String.join("\n", lines));
    return StoreSigners.read(file, () -> NOW_SEC);
  }
}
