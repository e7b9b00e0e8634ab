package dev.parley.session.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.session.conference.RosterVersions;
import dev.parley.session.conference.RosterVersions.Newest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What roster versions must be, whoever keeps them. */
public abstract class RosterVersionsContract {
  private static final ConferenceId CONFERENCE = new ConferenceId("cf_versions");
  private static final ParticipantId ANA = new ParticipantId("pt_ana");
  private static final ParticipantId BEN = new ParticipantId("pt_ben");

  protected abstract RosterVersions versions();

  @Test
  void onlyANewerVersionReplacesOne() {
    versions().note(CONFERENCE, ANA, new Newest(2, true));
    versions().note(CONFERENCE, ANA, new Newest(10, false));
    versions().note(CONFERENCE, ANA, new Newest(9, true));
    versions().note(CONFERENCE, ANA, new Newest(10, true));
    versions().note(CONFERENCE, BEN, new Newest(1, true));

    assertThat(versions().newest(CONFERENCE))
        .isEqualTo(Map.of(ANA, new Newest(10, false), BEN, new Newest(1, true)));
  }

  @Test
  void ofAConferenceThatDidNotChangeNothingIsKnown() {
    assertThat(versions().newest(new ConferenceId("cf_quiet"))).isEmpty();
  }
}
