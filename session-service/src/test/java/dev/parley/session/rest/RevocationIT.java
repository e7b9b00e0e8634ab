package dev.parley.session.rest;

import dev.parley.session.harness.ApiClient;
import dev.parley.session.harness.RunningService;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who was removed does not come back with a token from before. */
final class RevocationIT {
  @TempDir static Path folder;
  static RunningService service;
  static ApiClient client;

  @BeforeAll
  static void start() {
    service = new RunningService(folder);
    client = service.client();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void removedOneNeedsANewToken() {
    String conference = service.conference("{}");
    String path = "/v1/conferences/" + conference;
    String host = service.token(conference, "{\"identity\":\"host\",\"role\":\"host\"}");
    String ana = service.tokenFor(conference, "ana");
    String spare = service.tokenFor(conference, "ana");
    String ben = service.tokenFor(conference, "ben");
    String stay = join(path, ana);
    join(path, ben);

    client.delete(path + "/participants/" + stay, host).expect(204);

    for (String token : new String[] {ana, spare}) {
      client.post(path + "/participants", token, "{}").expect(401, "token-revoked");
      client.postSdp(path + "/rtc", token, "v=0").expect(401, "token-revoked");
      client.get(path, token).expect(401, "token-revoked");
      client.post(path + "/event-tickets", token, "{}").expect(401, "token-revoked");
    }
    client.get(path, ben).expect(200);
    service.clock().advance(Duration.ofSeconds(1));
    String again = service.tokenFor(conference, "ana");
    String later = join(path, again);
    // Told twice, a removal is still one.
    client.delete(path + "/participants/" + stay, host).expect(204);
    client.get(path + "/participants/" + later, again).expect(200);
  }

  @Test
  void removedHostModeratesNoMore() {
    String conference = service.conference("{}");
    String path = "/v1/conferences/" + conference;
    String host = service.token(conference, "{\"identity\":\"host\",\"role\":\"host\"}");
    String stay = join(path, host);

    client.delete(path + "/participants/" + stay, service.key()).expect(204);

    client.delete(path, host).expect(401, "token-revoked");
  }

  @Test
  void otherConferencesAndOtherWaysOutRevokeNothing() {
    String conference = service.conference("{}");
    String other = service.conference("{}");
    String path = "/v1/conferences/" + conference;
    String elsewhere = service.tokenFor(other, "ana");
    String ana = service.tokenFor(conference, "ana");
    String first = join(path, ana);
    client.delete(path + "/participants/" + first, ana).expect(204);
    join(path, ana);
    String stay =
        client.post(path + "/participants", ana, "{\"replace\":true}").expect(201).text("id");

    client.delete(path + "/participants/" + stay, service.key()).expect(204);

    client.post(path + "/participants", ana, "{}").expect(401, "token-revoked");
    join("/v1/conferences/" + other, elsewhere);
  }

  private static String join(String path, String token) {
    return client.post(path + "/participants", token, "{}").expect(201).text("id");
  }
}
