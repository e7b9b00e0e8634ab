package dev.parley.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NegotiatorTest {
  static List<String> recorded() {
    return Offers.ALL;
  }

  private static NegotiationRules rules(NegotiationRules.Wish wish, int slots, boolean maySend) {
    return new NegotiationRules(NegotiationRules.Profile.RTC, wish, slots, maySend);
  }

  private static NegotiatedLine.Audio audio(NegotiatedSession session, int index) {
    return (NegotiatedLine.Audio) session.lines().get(index);
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void everyBrowsersOfferIsAccepted(String name) {
    NegotiatedSession session = Offers.accept(Offers.offer(name), Offers.RTC);

    assertThat(session.remoteFingerprint().algorithm()).isEqualTo(Fingerprint.Algorithm.SHA_256);
    assertThat(session.bundle()).isNotEmpty();
    boolean onlyListens = name.endsWith("listener") || name.endsWith("no-microphone");
    assertThat(session.receivingLine() == null).isEqualTo(onlyListens);
  }

  @ParameterizedTest
  @CsvSource({
    "chromium-forward",
    "chromium-forward-stereo",
    "firefox-forward",
    "firefox-forward-stereo",
    "safari-forward"
  })
  void threeReceivingLinesAreThreeSpeakerSlots(String name) {
    NegotiatedSession session = Offers.accept(Offers.offer(name), Offers.RTC);

    assertThat(session.listening()).isEqualTo(NegotiatedSession.Listening.FORWARD);
    assertThat(session.sendingLines())
        .extracting(NegotiatedLine.Audio::mid)
        .containsExactly("0", "1", "2");
    assertThat(session.lines())
        .extracting(line -> ((NegotiatedLine.Audio) line).direction())
        .containsExactly(Direction.SENDRECV, Direction.SENDONLY, Direction.SENDONLY);
  }

  @Test
  void chromiumsLineIsReadInFull() {
    NegotiatedSession session = Offers.accept(Offers.offer("chromium-mix"), Offers.RTC);
    NegotiatedLine.Audio line = audio(session, 0);

    assertThat(session.listening()).isEqualTo(NegotiatedSession.Listening.MIX);
    assertThat(line.payloadType()).isEqualTo(111);
    assertThat(line.opus()).isEqualTo(new OpusParameters(false, false, true, false, 510_000, 120));
    assertThat(line.sentExtensionId(HeaderExtension.Kind.AUDIO_LEVEL)).isEqualTo(1);
    assertThat(line.receivedExtensionId(HeaderExtension.Kind.AUDIO_LEVEL)).isEqualTo(1);
    assertThat(line.receivedExtensionId(HeaderExtension.Kind.MID)).isEqualTo(4);
    assertThat(line.sentExtensionId(HeaderExtension.Kind.MIXER_TO_CLIENT_LEVEL)).isZero();
    assertThat(line.remoteSsrc()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void redIsTakenFromThoseWhoOfferIt(String name) {
    NegotiatedSession session = Offers.accept(Offers.offer(name), Offers.RTC);

    NegotiatedLine.Red expected =
        name.startsWith("firefox") ? null : new NegotiatedLine.Red(63, false);
    for (NegotiatedLine line : session.lines()) {
      if (line instanceof NegotiatedLine.Audio audio) {
        assertThat(audio.red()).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        // formats, RED's rtpmap, RED's fmtp, its payload type, whether it is preferred
        "111 63,63 red/48000/2,63 111/111,63,false",
        "63 111,63 red/48000/2,63 111/111,63,true",
        "111 63,63 RED/48000/2,63 111/111/111,63,false",
        "111 63,63 red/48000,63 111/111,none,false",
        "111 63,63 red/8000,63 111/111,none,false",
        "111 63,63 red/48000/2,63 111,none,false",
        "111 63,63 red/48000/2,63 111/0,none,false",
        "111 63,63 red/48000/2,63 111/,none,false",
        "111 63,63 red/48000/2,64 111/111,none,false",
        "111 70,70 red/48000/2,70 111/111,none,false",
        "111,63 red/48000/2,63 111/111,none,false",
      })
  void redIsOfOpusAloneOrNotTaken(
      String formats, String map, String parameters, Integer payloadType, boolean isPreferred) {
    String offer =
        Offers.SMALL.replace("SAVPF 111", "SAVPF " + formats)
            + ("a=rtpmap:" + map + "\na=fmtp:" + parameters + "\n");

    NegotiatedLine.Audio line = audio(Offers.accept(offer, Offers.RTC), 0);

    assertThat(line.payloadType()).isEqualTo(111);
    assertThat(line.red())
        .isEqualTo(payloadType == null ? null : new NegotiatedLine.Red(payloadType, isPreferred));
  }

  @Test
  void firefoxTakesLevelsOfThoseInAMixAndStereo() {
    NegotiatedLine.Audio line = audio(Offers.accept(Offers.offer("firefox-mix"), Offers.RTC), 0);

    assertThat(line.sentExtensionId(HeaderExtension.Kind.MIXER_TO_CLIENT_LEVEL)).isEqualTo(2);
    assertThat(line.receivedExtensionId(HeaderExtension.Kind.MIXER_TO_CLIENT_LEVEL)).isZero();
    assertThat(line.opus().stereo()).isTrue();
    assertThat(line.payloadType()).isEqualTo(109);
  }

  @ParameterizedTest
  @CsvSource({
    "chromium-audio-video-data,0",
    "firefox-audio-video-data,0",
    "chromium-data-first,1",
    "firefox-data-first,1"
  })
  void linesThatAreNotAudioAreLeftOut(String name, int audioIndex) {
    NegotiatedSession session = Offers.accept(Offers.offer(name), Offers.RTC);

    assertThat(session.lines()).hasSize(3);
    for (NegotiatedLine line : session.lines()) {
      assertThat(line instanceof NegotiatedLine.Audio).isEqualTo(line.index() == audioIndex);
    }
    assertThat(session.bundle()).containsExactly(Integer.toString(audioIndex));
  }

  @Test
  void whipRefusesAnOfferForALineItCannotServe() {
    assertThat(Offers.refuse(Offers.offer("chromium-audio-video-data"), Offers.WHIP))
        .isEqualTo(
            new Negotiation.Refused("Remove this m= line: this server carries audio only.", 41));
    assertThat(Offers.refuse(Offers.offer("firefox-data-first"), Offers.WHIP).line()).isEqualTo(10);
  }

  @Test
  void whepTakesAnOfferAndLeavesOutTheLinesItCannotServe() {
    NegotiatedSession session =
        Offers.accept(Offers.offer("chromium-audio-video-data"), Offers.WHEP);

    assertThat(audio(session, 0).direction()).isEqualTo(Direction.SENDONLY);
    assertThat(session.lines().subList(1, session.lines().size()))
        .isNotEmpty()
        .allMatch(NegotiatedLine.Rejected.class::isInstance);
  }

  @Test
  void whipTakesOneVoice() {
    NegotiatedSession session = Offers.accept(Offers.offer("chromium-whip"), Offers.WHIP);

    assertThat(session.listening()).isEqualTo(NegotiatedSession.Listening.NONE);
    assertThat(audio(session, 0).direction()).isEqualTo(Direction.RECVONLY);
    assertThat(Offers.accept(Offers.offer("chromium-mix"), Offers.WHIP).sendingLines()).isEmpty();
    assertThat(Offers.refuse(Offers.offer("chromium-listener"), Offers.WHIP).detail())
        .contains("a=sendonly");
  }

  @Test
  void whepOnlySends() {
    NegotiatedSession session = Offers.accept(Offers.offer("chromium-listener"), Offers.WHEP);

    assertThat(audio(session, 0).direction()).isEqualTo(Direction.SENDONLY);
    assertThat(Offers.refuse(Offers.offer("chromium-whip"), Offers.WHEP).detail())
        .contains("a=recvonly");
  }

  @ParameterizedTest
  @CsvSource({
    // wish, slots, listening, lines we send on
    "AUTO,3,FORWARD,3",
    "AUTO,4,MIX,3",
    "AUTO,2,FORWARD,2",
    "FORWARD,8,FORWARD,3",
    "MIX,1,MIX,1"
  })
  void wayOfListeningFollowsWishAndLines(
      NegotiationRules.Wish wish, int slots, NegotiatedSession.Listening listening, int sending) {
    NegotiatedSession session =
        Offers.accept(Offers.offer("chromium-forward"), rules(wish, slots, true));

    assertThat(session.listening()).isEqualTo(listening);
    assertThat(session.sendingLines()).hasSize(sending);
  }

  @Test
  void linesBeyondTheSlotsStayButAreSilent() {
    NegotiatedSession session =
        Offers.accept(Offers.offer("chromium-forward"), rules(NegotiationRules.Wish.AUTO, 1, true));

    assertThat(audio(session, 1).direction()).isEqualTo(Direction.INACTIVE);
    assertThat(session.bundle()).containsExactly("0", "1", "2");
  }

  @Test
  void listenersVoiceIsNotTaken() {
    NegotiationRules listener = rules(NegotiationRules.Wish.AUTO, 3, false);

    NegotiatedSession session = Offers.accept(Offers.offer("chromium-forward"), listener);

    assertThat(session.receivingLine()).isNull();
    assertThat(audio(session, 0).direction()).isEqualTo(Direction.SENDONLY);
    assertThat(Offers.refuse(Offers.offer("chromium-whip"), listener).detail())
        .contains("may not send");
  }

  @Test
  void oneWhoMayHearNobodyIsSentNothing() {
    NegotiationRules deaf = rules(NegotiationRules.Wish.NONE, 3, true);

    NegotiatedSession session = Offers.accept(Offers.offer("chromium-forward"), deaf);

    assertThat(session.listening()).isEqualTo(NegotiatedSession.Listening.NONE);
    assertThat(session.sendingLines()).isEmpty();
    assertThat(audio(session, 0).direction()).isEqualTo(Direction.RECVONLY);
    assertThat(audio(session, 1).direction()).isEqualTo(Direction.INACTIVE);
    assertThat(Offers.refuse(Offers.offer("chromium-listener"), deaf).detail())
        .contains("does not receive");
  }

  @Test
  void oneWhoMayDoNeitherIsThereAllTheSame() {
    NegotiatedSession session =
        Offers.accept(
            Offers.offer("chromium-forward"), rules(NegotiationRules.Wish.NONE, 3, false));

    assertThat(audio(session, 0).direction()).isEqualTo(Direction.INACTIVE);
    assertThat(session.bundle()).contains("0");
  }

  @Test
  void onlyOneVoiceIsTakenFromAClient() {
    String two =
        Offers.SMALL.replace("BUNDLE a", "BUNDLE a b")
            + Offers.SMALL.substring(Offers.SMALL.indexOf("m=")).replace("mid:a", "mid:b");

    NegotiatedSession session = Offers.accept(two, Offers.RTC);

    assertThat(audio(session, 0).direction()).isEqualTo(Direction.SENDRECV);
    assertThat(audio(session, 1).direction()).isEqualTo(Direction.SENDONLY);
    assertThat(Offers.refuse(two, Offers.WHIP).detail()).contains("one audio line");
  }

  @Test
  void offerWithoutGroupHasOneTransportAndSoOneLine() {
    String media = Offers.SMALL.substring(Offers.SMALL.indexOf("m="));
    String two = Offers.SMALL.replace("a=group:BUNDLE a\n", "") + media.replace("mid:a", "mid:b");

    NegotiatedSession session = Offers.accept(two, Offers.RTC);

    assertThat(session.bundle()).isEmpty();
    assertThat(session.lines().get(1)).isInstanceOf(NegotiatedLine.Rejected.class);
    assertThat(Offers.refuse(two, Offers.WHIP).detail()).contains("BUNDLE group");
  }

  @Test
  void opusParametersAreRead() {
    String offer =
        Offers.SMALL.replace(
                "minptime=10",
                "maxplaybackrate=48000; Stereo=1;sprop-stereo=1;useinbandfec=1;usedtx=1;"
                    + "maxaveragebitrate=32000;x-new=7;flag")
            + "a=maxptime:60\n";

    assertThat(audio(Offers.accept(offer, Offers.RTC), 0).opus())
        .isEqualTo(new OpusParameters(true, true, true, true, 32_000, 60));
  }

  @Test
  void bitrateBeyondOpusIsBroughtWithin() {
    String offer = Offers.SMALL.replace("minptime=10", "maxaveragebitrate=9999999");

    assertThat(audio(Offers.accept(offer, Offers.RTC), 0).opus().averageBitrateMax())
        .isEqualTo(510_000);
  }

  @Test
  void sessionsOwnAttributesHoldForLinesWithout() {
    String offer = Offers.SMALL;
    for (String name : List.of("ice-ufrag", "ice-pwd", "fingerprint", "setup")) {
      int start = offer.indexOf("a=" + name);
      String line = offer.substring(start, offer.indexOf('\n', start) + 1);
      offer = offer.replace(line, "").replace("t=0 0\n", "t=0 0\n" + line);
    }
    offer = offer.replace("t=0 0\n", "t=0 0\na=sendonly\n");

    NegotiatedSession session = Offers.accept(offer, Offers.RTC);

    assertThat(session.remoteIce().ufrag()).isEqualTo("abcd");
    assertThat(audio(session, 0).direction()).isEqualTo(Direction.RECVONLY);
  }

  @Test
  void strongHashesAreTakenAndWeakOnesPassedOver() {
    String weak =
        "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13\n";
    String strong = "a=fingerprint:SHA-384 " + "ab:".repeat(47) + "ab\n";
    int start = Offers.SMALL.indexOf("a=fingerprint");
    String line = Offers.SMALL.substring(start, Offers.SMALL.indexOf('\n', start) + 1);

    NegotiatedSession both = Offers.accept(Offers.SMALL.replace(line, weak + line), Offers.RTC);
    NegotiatedSession longer = Offers.accept(Offers.SMALL.replace(line, strong), Offers.RTC);

    assertThat(both.remoteFingerprint().algorithm()).isEqualTo(Fingerprint.Algorithm.SHA_256);
    assertThat(longer.remoteFingerprint().algorithm()).isEqualTo(Fingerprint.Algorithm.SHA_384);
    assertThat(Offers.refuse(Offers.SMALL.replace(line, weak), Offers.RTC))
        .isEqualTo(
            new Negotiation.Refused("Give the fingerprint with sha-256, sha-384 or sha-512.", 12));
  }

  @Test
  void extensionsNeedTheOneByteHeader() {
    String offer = Offers.SMALL + "a=extmap:15 urn:ietf:params:rtp-hdrext:sdes:mid\n";

    assertThat(audio(Offers.accept(offer, Offers.RTC), 0).extensions()).isEmpty();
  }

  @Test
  void voiceActivityMayBeSwitchedOff() {
    String uri = HeaderExtension.Kind.AUDIO_LEVEL.uri();
    Map<String, Boolean> expected = Map.of("", true, " vad=on", true, " vad=off", false);

    expected.forEach((attributes, hasVoiceActivity) -> {
      String offer = Offers.SMALL + "a=extmap:1 " + uri + attributes + "\n";
      HeaderExtension extension =
          audio(Offers.accept(offer, Offers.RTC), 0).extensions().getFirst();
      assertThat(extension.hasVoiceActivity()).isEqualTo(hasVoiceActivity);
      assertThat(extension.attributes()).isEqualTo(attributes.strip());
    });
  }

  @Test
  void lineTheClientSwitchedOffIsNoFault() {
    String off = "m=video 0 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:b\n";

    NegotiatedSession session = Offers.accept(Offers.SMALL + off, Offers.WHIP);

    assertThat(session.lines().get(1)).isInstanceOf(NegotiatedLine.Rejected.class);
  }
}
