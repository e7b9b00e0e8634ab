package dev.parley.session.harness;

import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.erasure.Erasures;
import dev.parley.testsupport.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Calls that people had, and what they may do afterwards. */
public final class EndedCalls {
  private static final String CONFERENCES = "/v1/conferences/";

  private final RunningService service;
  private final ScriptedMediaServer media;
  private final ApiClient client;

  public EndedCalls(RunningService service, ScriptedMediaServer media) {
    this.service = service;
    this.media = media;
    this.client = service.client();
  }

  /** Has people come, say hello, and the conference end; returns its id. */
  public String over(String options, String... people) {
    String conference = live(options, people);
    client.delete(CONFERENCES + conference, service.key()).expect(200);
    return conference;
  }

  /** Has people come and say hello; returns the conference's id. */
  public String live(String options, String... people) {
    String conference = service.conference(options);
    for (String identity : people) {
      String token = service.tokenFor(conference, identity);
      String participant =
          client
              .post(CONFERENCES + conference + "/participants", token, "{\"sdp\":\"v=0\"}")
              .expect(201)
              .text("id");
      media.report(
          new StateEvent.ParticipantConnected(
              new ConferenceId(conference), 1, new ParticipantId(participant)));
      client
          .post(
              CONFERENCES + conference + "/messages",
              token,
              "{\"text\":\"Hello from " + identity + "\"}")
          .expect(201);
    }
    RedisServer.await(
        "the conference is live",
        () ->
            client
                .get(CONFERENCES + conference, service.key())
                .expect(200)
                .text("state")
                .equals("live"));
    return conference;
  }

  /** Waits until all calls that are over are in the lists. */
  public void settle() {
    service.clock().advance(Duration.ofSeconds(11));
    RedisServer.await(
        "everything is filed",
        () -> {
          // What is due is looked at by the service's clock.
          service.clock().advance(Duration.ofSeconds(1));
          return isCounted();
        });
  }

  private boolean isCounted() {
    for (var conference :
        client
            .get("/v1/conferences?state=ended&limit=200", service.key())
            .expect(200)
            .json()
            .path("data")) {
      if (conference.has("liveAt") && !isListed(conference.path("id").asText())) {
        return false;
      }
    }
    return true;
  }

  private boolean isListed(String conference) {
    service.clock().advance(Duration.ofSeconds(1));
    return client
        .get("/v1/conversations?limit=200", service.key())
        .expect(200)
        .body()
        .contains("\"" + conference + "\"");
  }

  /** Waits until somebody's conversations are these, in that order. */
  public void awaitListed(String token, String... conversations) {
    RedisServer.await(
        "their conversations are listed",
        () -> {
          service.clock().advance(Duration.ofMillis(100));
          List<String> listed = new ArrayList<>();
          client
              .get("/v1/conversations?limit=200", token)
              .expect(200)
              .json()
              .path("data")
              .forEach(entry -> listed.add(entry.path("id").asText()));
          return listed.equals(List.of(conversations));
        });
  }

  /** Mints a token of somebody for another conference than they were in. */
  public String tokenOf(String identity) {
    return tokenOf(identity, "{}");
  }

  /** Mints one with other grants. */
  public String tokenOf(String identity, String grants) {
    service.clock().advance(Duration.ofSeconds(1));
    return service.token(
        service.conference("{}"),
        "{\"identity\":\"%s\",\"grants\":%s}".formatted(identity, grants));
  }

  /** Erases a person, and waits for the receipt. */
  public void erase(String identity) {
    service.clock().advance(Duration.ofSeconds(1));
    String receipt =
        client
            .post("/v1/erasures", service.key(), "{\"subject\":\"" + identity + "\"}")
            .expect(201)
            .header("Location");
    RedisServer.await(
        "the receipt",
        () -> {
          service.clock().advance(Erasures.SETTLE_TIME);
          return client.get(receipt, service.key()).expect(200).text("state").equals("done");
        });
  }
}
