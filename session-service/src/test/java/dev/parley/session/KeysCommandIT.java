package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.RunningService;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./parley keys} beside a running service. */
final class KeysCommandIT {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void keysAreMadeListedAndRevoked(@TempDir Path folder) {
    try (RunningService service = new RunningService(folder)) {
      int port = service.adminPort();
      assertThat(run(port, "create", "--tenant=acme", "--name=back end", "--scopes=conferences"))
          .isZero();
      String key = text(out).lines().skip(1).findFirst().orElseThrow();
      String id = key.split("_", 3)[1];
      service.client().post("/v1/conferences", key, "{}").expect(201);
      service.client().get("/v1/webhook-endpoints", key).expect(403, "scope-missing");

      assertThat(run(port, "revoke", "--id=" + id)).isZero();
      out.reset();
      assertThat(run(port, "list", "--tenant=acme")).isZero();
      assertThat(text(out)).startsWith(id + "  acme  conferences  made ").contains("REVOKED");
      assertThat(text(out).lines()).hasSize(1);
      service.client().post("/v1/conferences", key, "{}").expect(401, "key-invalid");

      assertThat(run(port, "create", "--tenant=acme", "--scopes=everything")).isEqualTo(1);
      assertThat(text(err)).contains("known names");
      assertThat(run(port, "create")).isEqualTo(2);
      assertThat(run(port, "revoke", "--id=none")).isEqualTo(1);
    }
  }

  @Test
  void whatCannotBeDoneIsTold() {
    assertThat(run(1, "list")).isEqualTo(1);
    assertThat(text(err)).contains("no session service answers on its admin port");
    assertThat(run(1)).isEqualTo(2);
    assertThat(text(err)).contains("usage: parley keys create|list|revoke");
    assertThat(run(1, "--help")).isZero();
    assertThat(text(out)).contains("--scopes", "--admin-port");
  }

  private int run(int adminPort, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--admin-port=" + adminPort);
    return Keys.run(all, Map.of(), stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
