package dev.parley.common.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.RecordingId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.net.URI;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class ControlCodecPropertyTest {
  private static final String LETTERS = "abcXYZ019._-";
  private final ControlCodec codec = new ControlCodec();

  @Property(tries = 300)
  void mediaMessagesSurviveTheWire(@ForAll("mediaMessages") MediaMessage message) {
    assertThat(codec.decodeMedia(codec.encode(message))).isEqualTo(new Decoded.Message<>(message));
  }

  @Property(tries = 300)
  void sessionMessagesSurviveTheWire(@ForAll("sessionMessages") SessionMessage message) {
    assertThat(codec.decodeSession(codec.encode(message)))
        .isEqualTo(new Decoded.Message<>(message));
  }

  @Property(tries = 300)
  void aTruncatedMessageIsMalformed(
      @ForAll("mediaMessages") MediaMessage message, @ForAll double share) {
    String text = codec.encode(message);
    int length = (int) (Math.abs(share % 1) * text.length());

    assertThat(codec.decodeMedia(text.substring(0, length))).isInstanceOf(Decoded.Malformed.class);
  }

  @Provide
  Arbitrary<MediaMessage> mediaMessages() {
    return Arbitraries.oneOf(
        hellos(), heartbeats(), reports(), speakers(), qualities(), results(), probed(), uploads());
  }

  @Provide
  Arbitrary<SessionMessage> sessionMessages() {
    return Arbitraries.oneOf(
        welcomes(),
        commands(),
        counts().map(Acknowledge::new),
        Combinators.combine(ordinals(), ids().list().ofMaxSize(ControlLimits.PROBE_ADDRESSES_MAX))
            .as(Probe::new),
        Arbitraries.just(new Fence()),
        Combinators.combine(ordinals(), ids(), ids())
            .as((id, url, header) ->
                new UploadAnswer(
                    id,
                    new UploadAnswer.Signed(
                        List.of(
                            new UploadAnswer.StoreRequest(
                                "PUT", url, List.of(new UploadAnswer.Header("h", header))))))));
  }

  private static Arbitrary<MediaMessage> uploads() {
    return Combinators.combine(ordinals(), ids(), Arbitraries.integers().between(1, 10_000))
        .as((id, name, number) ->
            new UploadRequest(
                id,
                new UploadRequest.Track(name, number, name),
                new UploadRequest.Sign(List.of(new UploadRequest.Parts(name, number)))));
  }

  private static Arbitrary<MediaMessage> probed() {
    return Combinators.combine(ordinals(), Arbitraries.of(true, false)).as(ProbeResult::new);
  }

  private static Arbitrary<Long> ordinals() {
    return Arbitraries.longs().between(1, Long.MAX_VALUE);
  }

  private static Arbitrary<String> ids() {
    return Arbitraries.strings()
        .withChars(LETTERS)
        .ofMinLength(0)
        .ofMaxLength(60)
        .map(rest -> "i" + rest);
  }

  private static Arbitrary<ConferenceId> conferences() {
    return ids().map(ConferenceId::new);
  }

  private static Arbitrary<ParticipantId> participants() {
    return ids().map(ParticipantId::new);
  }

  private static Arbitrary<Long> counts() {
    return Arbitraries.longs().between(0, Long.MAX_VALUE);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.strings().ofMaxLength(200);
  }

  private static Arbitrary<MediaMessage> hellos() {
    Arbitrary<ConferenceSnapshot> snapshots =
        Combinators.combine(conferences(), counts(), participants().list().ofMaxSize(4))
            .as(ConferenceSnapshot::new);
    return Combinators.combine(
            Arbitraries.integers().between(1, 9),
            ids().map(ServerId::new),
            ids(),
            ids().map(Region::new),
            ids(),
            Arbitraries.integers().between(0, ControlLimits.PARTICIPANTS_MAX),
            snapshots.list().ofMaxSize(4))
        .as(Hello::new);
  }

  private static Arbitrary<MediaMessage> heartbeats() {
    return Combinators.combine(
            Arbitraries.doubles().between(0, 1),
            counts(),
            Arbitraries.integers().between(0, 9999),
            Arbitraries.integers().between(0, 9999),
            counts(),
            Arbitraries.doubles().between(0, 1),
            Arbitraries.of(true, false),
            spools().injectNull(0.3))
        .as(ServerLoad::new)
        .map(Heartbeat::new);
  }

  private static Arbitrary<ServerLoad.SpoolLoad> spools() {
    Arbitrary<Integer> counts = Arbitraries.integers().between(0, 9999);
    return Combinators.combine(counts, counts, counts).as(ServerLoad.SpoolLoad::new);
  }

  private static Arbitrary<RecordingId> recordings() {
    return ids().map(RecordingId::new);
  }

  private static Arbitrary<Integer> segments() {
    return Arbitraries.integers().between(1, ControlLimits.SEGMENTS_MAX);
  }

  private static Arbitrary<StateEvent> endedRecordings() {
    return Combinators.combine(
            conferences(),
            counts(),
            recordings(),
            segments(),
            Arbitraries.of(StateEvent.RecordingEndCause.values()),
            Arbitraries.integers().between(0, 9999),
            counts(),
            counts())
        .as(StateEvent.RecordingEnded::new);
  }

  private static Arbitrary<MediaMessage> reports() {
    Arbitrary<StateEvent> connected =
        Combinators.combine(conferences(), counts(), participants())
            .as(StateEvent.ParticipantConnected::new);
    Arbitrary<StateEvent> reconnecting =
        Combinators.combine(conferences(), counts(), participants())
            .as(StateEvent.ParticipantReconnecting::new);
    Arbitrary<StateEvent> gone =
        Combinators.combine(
                conferences(),
                counts(),
                participants(),
                Arbitraries.of(StateEvent.GoneReason.values()))
            .as(StateEvent.ParticipantGone::new);
    Arbitrary<StateEvent> session =
        Combinators.combine(conferences(), counts(), participants(), ids())
            .as(StateEvent.SessionGone::new);
    Arbitrary<StateEvent> began =
        Combinators.combine(
                conferences(),
                counts(),
                participants(),
                ids(),
                Arbitraries.of(Order.SignallingProfile.values()),
                Arbitraries.of(Order.Listening.values()),
                Arbitraries.of(true, false))
            .as((conference, epoch, participant, leg, profile, listening, muted) ->
                new StateEvent.SessionBegan(
                    conference,
                    epoch,
                    participant,
                    leg,
                    profile,
                    listening,
                    "EsAw",
                    muted,
                    !muted));
    Arbitrary<StateEvent> encoders =
        Combinators.combine(
                conferences(),
                counts(),
                Arbitraries.integers().between(0, 5),
                Arbitraries.integers().between(5, 10))
            .as(StateEvent.EncodersChanged::new);
    Arbitrary<StateEvent> closed =
        Combinators.combine(
                conferences(), counts(), Arbitraries.of(StateEvent.ClosedReason.values()))
            .as(StateEvent.ConferenceClosed::new);
    return Combinators.combine(
            Arbitraries.longs().between(1, Long.MAX_VALUE),
            Arbitraries.oneOf(
                connected, reconnecting, gone, began, session, encoders, closed, otherEvents()))
        .as(StateReport::new);
  }

  private static Arbitrary<StateEvent> otherEvents() {
    Arbitrary<StateEvent> anew =
        Combinators.combine(conferences(), counts(), participants(), ids(), ids())
            .as(StateEvent.IceBegunAnew::new);
    return Arbitraries.oneOf(endedRecordings(), carriedOut(), anew);
  }

  private static Arbitrary<StateEvent> carriedOut() {
    return Combinators.combine(
            conferences(),
            counts(),
            participants(),
            Arbitraries.of(Deed.values()),
            Arbitraries.integers().greaterOrEqual(0))
        .as(StateEvent.CarriedOut::new);
  }

  private static Arbitrary<MediaMessage> speakers() {
    Arbitrary<Speakers.Level> levels =
        Combinators.combine(participants(), Arbitraries.integers().between(-127, 0))
            .as(Speakers.Level::new);
    return Combinators.combine(
            conferences(),
            counts(),
            participants().injectNull(0.3),
            levels.list().ofMaxSize(ControlLimits.LEVELS_MAX))
        .as(Speakers::new);
  }

  private static Arbitrary<MediaMessage> qualities() {
    Arbitrary<Integer> durationsUs = Arbitraries.integers().greaterOrEqual(0);
    Arbitrary<Quality.Way> ways =
        Combinators.combine(Arbitraries.integers().between(0, 1000), durationsUs)
            .as(Quality.Way::new);
    Arbitrary<Quality.Figures> figures =
        Combinators.combine(
                participants(),
                durationsUs.injectNull(0.3),
                ways.injectNull(0.3),
                ways.injectNull(0.3))
            .as(Quality.Figures::new);
    return Combinators.combine(conferences(), counts(), figures.list().ofMaxSize(20))
        .as(Quality::new);
  }

  private static Arbitrary<MediaMessage> results() {
    Arbitrary<CommandResult.Outcome> accepted =
        Combinators.combine(
                texts().injectNull(0.3),
                Arbitraries.of(Order.Listening.values()).injectNull(0.3),
                ids().injectNull(0.3))
            .as(CommandResult.Accepted::new);
    Arbitrary<CommandResult.Outcome> refused =
        Combinators.combine(texts(), Arbitraries.integers().between(0, 9999))
            .as(CommandResult.OfferRefused::new);
    Arbitrary<CommandResult.Outcome> others =
        Arbitraries.oneOf(
            texts().map(CommandResult.Busy::new),
            Combinators.combine(ids(), ids(), texts().list().ofMaxSize(3))
                .as(CommandResult.IceRestarted::new),
            counts().map(CommandResult.Stale::new),
            Arbitraries.just(new CommandResult.NotFound()));
    return Combinators.combine(
            ids().map(CommandId::new), Arbitraries.oneOf(accepted, refused, others))
        .as(CommandResult::new);
  }

  private static Arbitrary<SessionMessage> welcomes() {
    return Combinators.combine(
            ids(),
            Arbitraries.integers().between(1, 9),
            Arbitraries.longs().between(1, 60_000),
            Arbitraries.longs().between(1, 60_000),
            ids().map(host -> URI.create("wss://x/" + host)).list().ofMaxSize(4))
        .as(Welcome::new);
  }

  private static Arbitrary<SessionMessage> commands() {
    Arbitrary<Order> admits =
        participants().injectNull(0.5).flatMap(ControlCodecPropertyTest::admits);
    Arbitrary<Order> mutes =
        Combinators.combine(participants(), Arbitraries.of(true, false))
            .as(Order.MuteParticipant::new);
    Arbitrary<Order> holds =
        Combinators.combine(participants(), Arbitraries.of(true, false))
            .as(Order.HoldParticipant::new);
    Arbitrary<Order> beginnings =
        Combinators.combine(
                recordings(),
                segments(),
                Arbitraries.of(Order.RecordingMode.values()),
                Arbitraries.integers().between(1, 2))
            .as(Order.BeginRecording::new);
    Arbitrary<Order> pauses =
        Combinators.combine(recordings(), segments(), Arbitraries.of(true, false))
            .as(Order.PauseRecording::new);
    Arbitrary<Order> unrecorded =
        Combinators.combine(
                participants(),
                Arbitraries.of(Deed.values()),
                Arbitraries.integers().greaterOrEqual(0))
            .as(Order.DoUnrecorded::new);
    Arbitrary<Order> others =
        Arbitraries.oneOf(
            Combinators.combine(recordings(), segments()).as(Order.StopRecording::new),
            Combinators.combine(recordings(), segments(), participants().list().ofMaxSize(4))
                .as(Order.SetConsents::new),
            Combinators.combine(
                    recordings(),
                    segments(),
                    Arbitraries.of(Order.RecordingMode.values()),
                    Arbitraries.integers().between(1, 2),
                    Arbitraries.of(true, false),
                    participants().list().ofMaxSize(4).injectNull(0.3))
                .as(Order.BeginRecordingOnTerms::new),
            participants().map(Order.RemoveParticipant::new),
            Combinators.combine(participants(), ids()).as(Order.EndSession::new),
            Arbitraries.just(new Order.EndConference()));
    return Combinators.combine(
            ids().map(CommandId::new),
            conferences(),
            counts(),
            Arbitraries.oneOf(admits, mutes, holds, beginnings, pauses, unrecorded, others))
        .as(Command::new);
  }

  private static Arbitrary<Order> admits(@Nullable ParticipantId replaces) {
    return Combinators.combine(
            participants(),
            Arbitraries.longs().between(0, 0xFFFF_FFFFL),
            texts(),
            Arbitraries.of(Order.Listening.values()),
            Arbitraries.of(Order.SignallingProfile.values()),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Combinators.combine(
                    Arbitraries.integers().between(1, 8), Arbitraries.integers().between(1, 16))
                .as(Order.ConferenceSettings::new))
        .as((participant, csrc, offer, listening, profile, maySend, muted, settings) ->
            new Order.AdmitParticipant(
                participant,
                csrc,
                offer,
                listening,
                profile,
                maySend,
                muted,
                settings,
                replaces,
                "s-1"));
  }
}
