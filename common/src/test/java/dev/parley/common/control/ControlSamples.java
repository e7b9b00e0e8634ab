package dev.parley.common.control;

import dev.parley.common.id.CommandId;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.RecordingId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One message of every kind, by the name of its golden file. */
final class ControlSamples {
  static final ConferenceId CONFERENCE = new ConferenceId("cf_1");
  static final ParticipantId ANA = new ParticipantId("pt_1");
  static final ParticipantId BEN = new ParticipantId("pt_2");
  private static final long EPOCH = 3;
  private static final String HASH = "A".repeat(43) + "=";

  private ControlSamples() {}

  static Map<String, ControlMessage> all() {
    Map<String, ControlMessage> samples = new LinkedHashMap<>();
    addReports(samples);
    addResults(samples);
    addSessionMessages(samples);
    addUploads(samples);
    return samples;
  }

  private static void addReports(Map<String, ControlMessage> samples) {
    samples.put(
        "hello",
        new Hello(
            1,
            new ServerId("ms-eu-1"),
            "i7Qm2",
            new Region("eu"),
            "0.1.0",
            500,
            List.of(new ConferenceSnapshot(CONFERENCE, EPOCH, List.of(ANA, BEN)))));
    samples.put(
        "hello-probes",
        new Hello(
            1,
            new ServerId("ms-eu-1"),
            "i7Qm2",
            new Region("eu"),
            "0.1.0",
            500,
            List.of(),
            List.of("203.0.113.7:3478", "[2001:db8::7]:3478"),
            null));
    samples.put(
        "hello-door",
        new Hello(
            1,
            new ServerId("ms-eu-1"),
            "i7Qm2",
            new Region("eu"),
            "0.1.0",
            500,
            List.of(),
            List.of(),
            URI.create("https://ms-eu-1.example:7892/media")));
    samples.put("probe-result", new ProbeResult(7, true));
    addStates(samples);
    addRecordings(samples);
    samples.put(
        "heartbeat-spool",
        new Heartbeat(
            new ServerLoad(0.25, 4200, 2, 7, 0, 0.125, false, new ServerLoad.SpoolLoad(2, 1, 12))));
    samples.put("heartbeat", new Heartbeat(new ServerLoad(0.25, 4200, 2, 7, 0, 0.125, false)));
  }

  private static void addStates(Map<String, ControlMessage> samples) {
    samples.put(
        "state-participant-connected",
        new StateReport(1, new StateEvent.ParticipantConnected(CONFERENCE, EPOCH, ANA)));
    samples.put(
        "state-participant-reconnecting",
        new StateReport(2, new StateEvent.ParticipantReconnecting(CONFERENCE, EPOCH, ANA)));
    samples.put(
        "state-participant-gone",
        new StateReport(
            3,
            new StateEvent.ParticipantGone(
                CONFERENCE, EPOCH, ANA, StateEvent.GoneReason.CONSENT_EXPIRED)));
    addSessionStates(samples);
    samples.put(
        "state-encoders-changed",
        new StateReport(5, new StateEvent.EncodersChanged(CONFERENCE, EPOCH, 3, 5)));
    samples.put(
        "state-conference-closed",
        new StateReport(
            4, new StateEvent.ConferenceClosed(CONFERENCE, EPOCH, StateEvent.ClosedReason.ENDED)));
    samples.put(
        "speakers",
        new Speakers(
            CONFERENCE,
            EPOCH,
            ANA,
            List.of(new Speakers.Level(ANA, -22), new Speakers.Level(BEN, -41))));
    samples.put(
        "quality",
        new Quality(
            CONFERENCE,
            EPOCH,
            List.of(
                new Quality.Figures(
                    ANA, 23_500, new Quality.Way(12, 4_100), new Quality.Way(0, 900)),
                new Quality.Figures(BEN, null, new Quality.Way(0, 250), null))));
    samples.put("speakers-silence", new Speakers(CONFERENCE, EPOCH, null, List.of()));
  }

  private static void addSessionStates(Map<String, ControlMessage> samples) {
    samples.put(
        "state-session-began",
        new StateReport(
            7,
            new StateEvent.SessionBegan(
                CONFERENCE,
                EPOCH,
                ANA,
                "s-1",
                Order.SignallingProfile.RTC,
                Order.Listening.FORWARD,
                "EsAw",
                true,
                false)));
    samples.put(
        "state-carried-out",
        new StateReport(8, new StateEvent.CarriedOut(CONFERENCE, EPOCH, ANA, Deed.EVICT, 60)));
    samples.put(
        "state-ice-begun-anew",
        new StateReport(9, new StateEvent.IceBegunAnew(CONFERENCE, EPOCH, ANA, "s-1", "ysXw")));
    samples.put(
        "state-session-gone",
        new StateReport(6, new StateEvent.SessionGone(CONFERENCE, EPOCH, ANA, "s-1")));
  }

  private static void addRecordings(Map<String, ControlMessage> samples) {
    samples.put(
        "state-recording-ended",
        new StateReport(
            8,
            new StateEvent.RecordingEnded(
                CONFERENCE,
                EPOCH,
                new RecordingId("rc_1"),
                2,
                StateEvent.RecordingEndCause.STOPPED,
                1,
                1_795_225_949_120L,
                61_240)));
  }

  private static void addResults(Map<String, ControlMessage> samples) {
    samples.put(
        "result-accepted",
        new CommandResult(
            new CommandId("cmd-1"),
            new CommandResult.Accepted("v=0\r\n", Order.Listening.FORWARD, "EsAw")));
    samples.put(
        "result-accepted-empty",
        new CommandResult(new CommandId("cmd-2"), CommandResult.Accepted.PLAIN));
    samples.put(
        "result-ice-restarted",
        new CommandResult(
            new CommandId("cmd-6"),
            new CommandResult.IceRestarted(
                "38sdf4fd",
                "2e13dde17c1cb009202f627f",
                List.of("1 1 udp 2130706431 198.51.100.1 39132 typ host"))));
    samples.put(
        "result-busy",
        new CommandResult(new CommandId("cmd-3"), new CommandResult.Busy("mix agent 2 is behind")));
    samples.put(
        "result-not-found",
        new CommandResult(new CommandId("cmd-4"), new CommandResult.NotFound()));
    samples.put(
        "result-stale", new CommandResult(new CommandId("cmd-5"), new CommandResult.Stale(4)));
    samples.put(
        "result-offer-refused",
        new CommandResult(
            new CommandId("cmd-6"), new CommandResult.OfferRefused("no ice-ufrag", 14)));
  }

  private static void addSessionMessages(Map<String, ControlMessage> samples) {
    samples.put(
        "welcome",
        new Welcome(
            "session-1",
            1,
            1000,
            3500,
            List.of(
                URI.create("wss://a.example:8443/control"),
                URI.create("wss://b.example:8443/control"))));
    samples.put(
        "welcome-ticket-keys",
        new Welcome(
            "session-1",
            1,
            1000,
            3500,
            List.of(),
            List.of(
                new TicketKey("20778", "A".repeat(43)), new TicketKey("20779", "B".repeat(43)))));
    samples.put("probe", new Probe(7, List.of("203.0.113.7:3478")));
    samples.put("fence", new Fence());
    samples.put("acknowledge", new Acknowledge(4));
    samples.put(
        "command-admit",
        command(
            "cmd-1",
            new Order.AdmitParticipant(
                ANA,
                4026531841L,
                "v=0\r\n",
                Order.Listening.AUTO,
                Order.SignallingProfile.RTC,
                true,
                false,
                Order.ConferenceSettings.DEFAULT,
                new ParticipantId("before"),
                "s-1")));
    samples.put("command-remove", command("cmd-2", new Order.RemoveParticipant(ANA)));
    samples.put("command-end-session", command("cmd-5", new Order.EndSession(ANA, "s-1")));
    samples.put("command-restart-ice", command("cmd-6", new Order.RestartIce(ANA, "s-1", "ysXw")));
    samples.put("command-mute", command("cmd-3", new Order.MuteParticipant(ANA, true)));
    samples.put("command-hold", command("cmd-5", new Order.HoldParticipant(ANA, true)));
    addRecordingOrders(samples);
    samples.put(
        "command-unrecorded", command("cmd-10", new Order.DoUnrecorded(ANA, Deed.EVICT, 60)));
    samples.put("command-end", command("cmd-4", new Order.EndConference()));
  }

  private static void addRecordingOrders(Map<String, ControlMessage> samples) {
    RecordingId recording = new RecordingId("rc_1");
    samples.put(
        "command-begin-recording",
        command("cmd-7", new Order.BeginRecording(recording, 2, Order.RecordingMode.MIX, 1)));
    samples.put(
        "command-begin-recording-on-terms",
        command(
            "cmd-11",
            new Order.BeginRecordingOnTerms(
                recording, 1, Order.RecordingMode.TRACKS, 1, true, List.of(ANA))));
    samples.put(
        "command-set-consents",
        command("cmd-12", new Order.SetConsents(recording, 1, List.of(ANA))));
    samples.put(
        "command-pause-recording", command("cmd-8", new Order.PauseRecording(recording, 2, true)));
    samples.put("command-stop-recording", command("cmd-9", new Order.StopRecording(recording, 2)));
  }

  private static void addUploads(Map<String, ControlMessage> samples) {
    UploadRequest.Track track = new UploadRequest.Track("rec_1", 1, "mix");
    UploadRequest.Content content = new UploadRequest.Content(2_482_113, HASH, null);
    UploadRequest.Content inParts = new UploadRequest.Content(9_000_000, HASH, HASH + "-2");
    samples.put(
        "upload-sign",
        new UploadRequest(
            1,
            track,
            new UploadRequest.Sign(
                List.of(
                    new UploadRequest.Put(UploadRequest.File.MANIFEST, content),
                    new UploadRequest.Create(),
                    new UploadRequest.Part("u-1", 1, HASH),
                    new UploadRequest.Parts("u-1", 1000),
                    new UploadRequest.Complete("u-1"),
                    new UploadRequest.Abort("u-1")))));
    samples.put(
        "upload-finish",
        new UploadRequest(2, track, new UploadRequest.Finish(inParts, content, 600_000, 3, true)));
    samples.put(
        "upload-abandon", new UploadRequest(3, track, new UploadRequest.Abandon("cannot be read")));
    samples.put("upload-spool-key", new UploadRequest(5, track, new UploadRequest.SpoolKey()));
    samples.put("upload-answer-key", new UploadAnswer(5, new UploadAnswer.Key(HASH)));
    samples.put("upload-locate", new UploadRequest(4, track, new UploadRequest.Locate()));
    samples.put(
        "upload-answer-located",
        new UploadAnswer(
            4,
            new UploadAnswer.Located(
                new UploadAnswer.Place("eu-1", "https://s3.example", "/b", "eu-central-1", "ob_1"),
                new UploadAnswer.Place(
                    "eu-1", "https://s3.example", "/b", "eu-central-1", "ob_2"))));
    samples.put(
        "upload-answer-signed",
        new UploadAnswer(
            1,
            new UploadAnswer.Signed(
                List.of(
                    new UploadAnswer.StoreRequest(
                        "PUT",
                        "https://b.s3.example/ob_1?X-Amz-Signature=0",
                        List.of(new UploadAnswer.Header("x-amz-checksum-sha256", HASH)))))));
    samples.put("upload-answer-available", new UploadAnswer(2, new UploadAnswer.Available()));
    samples.put("upload-answer-different", new UploadAnswer(2, new UploadAnswer.Different("size")));
    samples.put("upload-answer-unwanted", new UploadAnswer(3, new UploadAnswer.Unwanted()));
    samples.put("upload-answer-later", new UploadAnswer(4, new UploadAnswer.Later("busy")));
  }

  private static Command command(String id, Order order) {
    return new Command(new CommandId(id), CONFERENCE, EPOCH, order);
  }
}
