package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.common.control.ConferenceSnapshot;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.harness.RunningService;
import dev.parley.session.harness.ScriptedMediaServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session service that goes down in the middle of a call and comes back. */
final class RestartIT {
  @TempDir Path folder;

  @Test
  void callIsAsItWasAndGoesOn() {
    String conference;
    String token;
    String session;
    ParticipantId participant;
    ScriptedMediaServer media;
    try (RunningService service = new RunningService(folder)) {
      media = ScriptedMediaServer.dial(service.linkPort(), "ms-1");
      conference = service.conference("{\"alias\":\"Daily\"}");
      token = service.tokenFor(conference, "ana");
      JsonNode joined =
          service
              .client()
              .post("/v1/conferences/" + conference + "/participants", token, "{\"sdp\":\"v=0\"}")
              .expect(201)
              .json();
      participant = new ParticipantId(joined.path("id").asText());
      session = joined.path("media").path("rtcSessionUrl").asText();
      media.report(
          new StateEvent.ParticipantConnected(new ConferenceId(conference), 1, participant));
    }
    media.close();

    try (RunningService service = new RunningService(folder);
        ScriptedMediaServer again =
            media.dialAgain(
                service.linkPort(),
                List.of(
                    new ConferenceSnapshot(
                        new ConferenceId(conference), 1, List.of(participant))))) {
      String path = "/v1/conferences/" + conference;
      JsonNode roster =
          service.client().get(path + "/participants", service.key()).expect(200).json();
      assertThat(roster.path("data").path(0).path("id").asText()).isEqualTo(participant.value());
      assertThat(roster.path("data").path(0).path("state").asText()).isEqualTo("connected");
      service.client().get(session, token).expect(204);
      service
          .client()
          .post("/v1/conferences", service.key(), "{\"alias\":\"daily\"}")
          .expect(409, "alias-taken");

      // It was applied before the restart; only the store can know.
      again.reportAs(
          1, new StateEvent.ParticipantReconnecting(new ConferenceId(conference), 1, participant));
      assertThat(
              service
                  .client()
                  .get(path + "/participants/" + participant, service.key())
                  .text("state"))
          .isEqualTo("connected");
      again.reportAs(
          2,
          new StateEvent.ParticipantGone(
              new ConferenceId(conference), 1, participant, StateEvent.GoneReason.CLIENT));

      JsonNode gone =
          service
              .client()
              .get(path + "/participants/" + participant, service.key())
              .expect(200)
              .json();
      assertThat(gone.path("leaveReason").asText()).isEqualTo("client");
    }
  }
}
