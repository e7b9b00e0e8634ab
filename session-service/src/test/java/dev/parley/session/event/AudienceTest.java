package dev.parley.session.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.ConferenceEvent;
import dev.parley.session.conference.EndReason;
import dev.parley.session.conference.LeaveReason;
import dev.parley.session.conference.Sight;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class AudienceTest {
  private static final ParticipantId ANA = new ParticipantId("pt_ana");

  @Test
  void whoWaitsIsSeenByModeratorsAndItself() {
    Audience audience = of(new ConferenceEvent.ParticipantNotAdmitted(ANA, LeaveReason.KICKED));

    assertThat(audience.includes(Sight.MODERATOR, null)).isTrue();
    assertThat(audience.includes(Sight.WAITING, "pt_ana")).isTrue();
    assertThat(audience.includes(Sight.WAITING, "pt_ben")).isFalse();
    assertThat(audience.includes(Sight.PARTICIPANT, "pt_ben")).isFalse();
    assertThat(audience.includes(Sight.PARTICIPANT, null)).isFalse();
    assertThat(of(new ConferenceEvent.ParticipantAdmitted(ANA))).isEqualTo(audience);
  }

  @Test
  void whoIsInIsSeenByThoseInside() {
    Audience audience = of(new ConferenceEvent.ParticipantLeft(ANA, LeaveReason.CLIENT));

    assertThat(audience.includes(Sight.PARTICIPANT, "pt_ben")).isTrue();
    assertThat(audience.includes(Sight.MODERATOR, null)).isTrue();
    assertThat(audience.includes(Sight.WAITING, "pt_ben")).isFalse();
    assertThat(audience.isAbout("pt_ana")).isTrue();
    assertThat(audience.isAbout(null)).isFalse();
  }

  @Test
  void theEndIsForEveryone() {
    Audience audience = of(new ConferenceEvent.ConferenceEnded(EndReason.API));

    for (Sight sight : Sight.values()) {
      assertThat(audience.includes(sight, "pt_ben")).isTrue();
    }
  }

  @Test
  void whatIsNotKnownIsForThoseInside() {
    Audience audience = Audience.of("{\"of\":\"a later version\"}");

    assertThat(audience.includes(Sight.WAITING, "pt_ben")).isFalse();
    assertThat(audience.includes(Sight.PARTICIPANT, "pt_ben")).isTrue();
  }

  private static Audience of(ConferenceEvent event) {
    return Audience.of(EventJson.event(Instant.EPOCH, event));
  }
}
