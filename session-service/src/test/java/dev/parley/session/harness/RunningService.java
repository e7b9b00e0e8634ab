package dev.parley.session.harness;

import dev.parley.session.SessionServiceHandle;
import dev.parley.testsupport.OpenApiContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One service on ephemeral ports, with the key it made. */
public final class RunningService implements AutoCloseable {
  /** When each begins. */
  public static final Instant START = Instant.parse("2026-11-21T04:00:00Z");

  private final Path folder;
  private final MovableClock clock = new MovableClock(START);
  private final OpenApiContract contract = new OpenApiContract();
  private final SessionServiceHandle handle;
  private final ApiClient client;
  private final String key;

  /** Starts one with its data in the folder. */
  public RunningService(Path folder, String... arguments) {
    this.folder = folder;
    List<String> all =
        new ArrayList<>(
            List.of("--http-port=0", "--link-port=0", "--admin-port=0", "--data-dir=" + folder));
    all.addAll(List.of(arguments));
    try {
      handle = SessionServiceHandle.start(all, clock);
      key = Files.readString(folder.resolve("server-key")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client = new ApiClient(handle.httpPort(), contract);
  }

  public ApiClient client() {
    return client;
  }

  /** Returns a client of the admin port. */
  public ApiClient admin() {
    return new ApiClient(handle.adminPort(), contract);
  }

  /** Makes a key with these scopes. */
  public String key(String tenant, String... scopes) {
    return admin()
        .post(
            "/admin/keys",
            null,
            "{\"tenant\":\"%s\",\"scopes\":[\"%s\"]}"
                .formatted(tenant, String.join("\",\"", scopes)))
        .expect(201)
        .text("key");
  }

  public MovableClock clock() {
    return clock;
  }

  public OpenApiContract contract() {
    return contract;
  }

  public String key() {
    return key;
  }

  public int httpPort() {
    return handle.httpPort();
  }

  public int linkPort() {
    return handle.linkPort();
  }

  public int adminPort() {
    return handle.adminPort();
  }

  public Path folder() {
    return folder;
  }

  /** Makes a conference and returns its id. */
  public String conference(String json) {
    return client.post("/v1/conferences", key, json).expect(201).text("id");
  }

  /** Mints a token. */
  public String token(String conference, String json) {
    return client
        .post("/v1/conferences/" + conference + "/tokens", key, json)
        .expect(201)
        .text("token");
  }

  /** Mints a speaker's token. */
  public String tokenFor(String conference, String identity) {
    return token(conference, "{\"identity\":\"" + identity + "\"}");
  }

  @Override
  public void close() {
    handle.close();
  }
}
