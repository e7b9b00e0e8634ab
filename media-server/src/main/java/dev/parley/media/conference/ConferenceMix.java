package dev.parley.media.conference;

import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.jitter.InsertResult;
import dev.parley.media.jitter.PlayedFrame;
import dev.parley.media.mix.LevelMeter;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.speaker.SpeakerRanking;
import dev.parley.media.speaker.TalkerLevels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The mix of one conference, made each 20 ms: the loudest are decoded and added; those who are in
 * the mix hear it without themselves, each by an encoder of his own; all others of a {@link
 * MixClass} share one encode. Nothing is decoded or encoded while nobody listens to a mix, save for
 * talkers who negotiated no level and must be measured. In silence see {@link MixOutput}.
 *
 * <p>A talker is awake while there is sound in his packets, and for a second after. Of the others
 * nothing is kept and nothing is asked each tick: in a large room they are nearly all. Owned by one
 * mix agent.
 */
final class ConferenceMix {
  private static final int INITIAL_CAPACITY = 8;
  private static final int VOICE_DBOV = -50;

  /** In-band FEC is spent for at most this loss: more would cost the sound of all who share. */
  private static final int EXPECTED_LOSS_PERCENT_MAX = 20;

  private static final int LOSS_UPDATE_TICKS = 50;

  private final TalkerLevels levels;
  private final SpeakerRanking ranking;
  private final int mixedSpeakers;
  private final List<MixClass> classes = new ArrayList<>();
  private final Talker[] heard;
  private AgentParts parts;
  private Talker[] talkers = new Talker[INITIAL_CAPACITY];
  private int talkerCount;
  private Talker[] awake = new Talker[INITIAL_CAPACITY];
  private int awakeCount;
  private int heardCount;
  private int listenerCount;
  private float[] mix = new float[TalkerSound.BUS_FRAME_LENGTH];
  private float[] previousMix = new float[TalkerSound.BUS_FRAME_LENGTH];
  private int timestampTicks;
  private int ticksToLossUpdate = LOSS_UPDATE_TICKS;
  private @Nullable AnnouncementTone announcement;

  ConferenceMix(AgentParts parts, TalkerLevels levels, SpeakerRanking ranking, int mixedSpeakers) {
    this.parts = parts;
    this.levels = levels;
    this.ranking = ranking;
    this.mixedSpeakers = mixedSpeakers;
    // As many may be fading out as are coming in.
    heard = new Talker[2 * mixedSpeakers];
  }

  /**
   * Leaves the agent, and says which of the outputs that it gave back go with it: listeners may yet
   * ask for packets of theirs. What others have taken by now is not to be had any more.
   */
  List<MixOutput> detach() {
    Set<SentHistory> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    forEachOutput(output -> kept.add(output.history()));
    List<MixOutput> luggage = new ArrayList<>();
    for (MixClass mixClass : classes) {
      for (int i = 0; i < mixClass.listenerCount(); i++) {
        keepHistories(mixClass.listener(i).histories(), kept, luggage);
      }
    }
    return luggage;
  }

  private void keepHistories(
      @Nullable SentHistory[] histories, Set<SentHistory> kept, List<MixOutput> luggage) {
    for (int i = 0; i < histories.length; i++) {
      SentHistory history = histories[i];
      if (history == null || kept.contains(history)) {
        continue;
      }
      MixOutput output = parts.outputs.takeIdle(history);
      if (output == null) {
        histories[i] = null;
      } else {
        kept.add(history);
        luggage.add(output);
      }
    }
  }

  /** Goes on with another agent's parts, which get the idle outputs that came along. */
  void attach(AgentParts newParts, List<MixOutput> luggage) {
    parts = newParts;
    forEachOutput(parts.outputs::adopt);
    for (MixOutput output : luggage) {
      parts.outputs.adopt(output);
      parts.outputs.release(output);
    }
  }

  /** Shows each output that is lent to this conference. */
  private void forEachOutput(Consumer<MixOutput> action) {
    for (MixClass mixClass : classes) {
      accept(action, mixClass.output());
      for (int i = 0; i < mixClass.listenerCount(); i++) {
        accept(action, mixClass.listener(i).ownOutput());
      }
    }
  }

  private static void accept(Consumer<MixOutput> action, @Nullable MixOutput output) {
    if (output != null) {
      action.accept(output);
    }
  }

  void addTalker(Talker talker) {
    if (talkerCount == talkers.length) {
      talkers = Arrays.copyOf(talkers, 2 * talkerCount);
    }
    talkers[talkerCount++] = talker;
  }

  void removeTalker(Talker talker) {
    talkerCount = remove(talker, talkers, talkerCount);
    if (talker.isAwake()) {
      awakeCount = remove(talker, awake, awakeCount);
    }
    closeSound(talker);
  }

  /** Returns how many are left. */
  private static int remove(Talker talker, Talker[] from, int count) {
    int index = 0;
    while (from[index] != talker) {
      index++;
    }
    System.arraycopy(from, index + 1, from, index, count - index - 1);
    return count - 1;
  }

  /** Starts to send a participant the mix; it joins those who hear the same. */
  MixListener addListener(Participant participant) {
    Reception reception = participant.reception();
    MixClass mixClass = classFor(reception);
    MixListener listener = new MixListener(participant, mixClass, parts.random.nextLong());
    mixClass.add(listener);
    welcome(mixClass);
    listenerCount++;
    return listener;
  }

  void removeListener(MixListener listener) {
    releaseOwn(listener);
    MixClass mixClass = listener.mixClass();
    mixClass.remove(listener);
    forgetListener();
    removeIfIdle(mixClass);
  }

  private void removeIfIdle(MixClass mixClass) {
    if (mixClass.isIdle()) {
      releaseShared(mixClass);
      classes.remove(mixClass);
    }
  }

  private void forgetListener() {
    listenerCount--;
    for (int i = 0; i < talkerCount && listenerCount == 0; i++) {
      if (!talkers[i].isAwake()) {
        closeSound(talkers[i]);
      }
    }
  }

  /** Whether there is a mix of so many channels already. */
  boolean isMade(int channels) {
    for (MixClass mixClass : classes) {
      if (mixClass.channels() == channels) {
        return true;
      }
    }
    return false;
  }

  /**
   * Starts to record the mix: the encode that listeners share already, if one has as many channels,
   * or else one of its own. Counts as a listener.
   */
  void addTap(RecordingTap tap) {
    MixClass best = null;
    for (MixClass mixClass : classes) {
      boolean isLike = mixClass.channels() == tap.channels();
      if (isLike && (best == null || mixClass.bitrateBps() > best.bitrateBps())) {
        best = mixClass;
      }
    }
    MixClass mixClass = best == null ? classFor(reception(tap.channels())) : best;
    mixClass.taps().add(tap);
    welcome(mixClass);
    listenerCount++;
  }

  private static Reception reception(int channels) {
    return new Reception(Listening.MIX, 1, channels, 0, false, false);
  }

  void removeTap(RecordingTap tap) {
    for (MixClass mixClass : classes) {
      if (mixClass.taps().remove(tap)) {
        forgetListener();
        removeIfIdle(mixClass);
        return;
      }
    }
  }

  /** Has everybody who hears the mix hear a tone, now that it is recorded. */
  void announce() {
    announcement = new AnnouncementTone();
  }

  /** The mixer's clock: of the last tick. */
  int timestampTicks() {
    return timestampTicks;
  }

  private MixClass classFor(Reception reception) {
    for (MixClass mixClass : classes) {
      if (mixClass.fits(reception)) {
        return mixClass;
      }
    }
    MixClass mixClass = new MixClass(reception, parts.fan.loopCount());
    classes.add(mixClass);
    return mixClass;
  }

  /** Keeps a talker's packet for the mix if anybody needs it decoded. */
  void onPacket(VoicePacket voice) {
    Talker talker = voice.talker();
    if (!mustDecode(talker)) {
      return;
    }
    TalkerSound sound = talker.sound();
    if (!talker.isAwake()) {
      if (!mustBeAwake(talker, voice.packet().arrivalNs())) {
        observe(sound, voice);
        return;
      }
      wake(talker);
    }
    if (sound == null) {
      sound = new TalkerSound(parts.codec, parts.jitterMinMs);
      talker.sound(sound);
    }
    voice.primaryTo(parts.arrivedPacket);
    InsertResult result = sound.insert(parts.arrivedPacket);
    // A stray packet's older sound is as stray, and must not make the stray seem confirmed.
    if (result != InsertResult.STRAY && result != InsertResult.MALFORMED) {
      recover(sound, voice);
    }
  }

  /** Fills gaps with the older sound that came along; what is here already is a duplicate. */
  private void recover(TalkerSound sound, VoicePacket voice) {
    for (int i = 0; i < voice.redundantCount(); i++) {
      if (voice.redundantTo(i, parts.arrivedPacket)
          && sound.insert(parts.arrivedPacket) == InsertResult.KEPT) {
        parts.counters.increment(ConferenceCounter.PACKETS_RECOVERED);
      }
    }
  }

  private void observe(@Nullable TalkerSound sound, VoicePacket voice) {
    if (sound != null && TalkerSound.isObserved(voice.packet().sequenceNumber())) {
      voice.primaryTo(parts.arrivedPacket);
      sound.observe(parts.arrivedPacket);
    }
  }

  private boolean mustBeAwake(Talker talker, long nowNs) {
    int number = talker.number();
    return talker.mustMeasureLevel()
        || (levels.isPresent(number) && levels.hasSound(number, nowNs));
  }

  private void wake(Talker talker) {
    if (awakeCount == awake.length) {
      awake = Arrays.copyOf(awake, 2 * awakeCount);
    }
    awake[awakeCount++] = talker;
    talker.awake(true);
  }

  private boolean mustDecode(Talker talker) {
    return listenerCount > 0 || talker.mustMeasureLevel();
  }

  /** Whether somebody listens, or has to be measured by his sound: then each tick counts. */
  boolean isNeeded() {
    return listenerCount > 0 || awakeCount > 0;
  }

  /** Lets the time of ticks pass in which nothing was mixed. */
  void skipTicks(int ticks) {
    timestampTicks += ticks * OpusCodec.FRAME_SAMPLES;
  }

  /** Decodes, mixes, encodes and sends one frame. */
  void tick(long nowNs) {
    timestampTicks += OpusCodec.FRAME_SAMPLES;
    parts.mixer.clear();
    heardCount = 0;
    int kept = 0;
    for (int i = 0; i < awakeCount; i++) {
      Talker talker = awake[i];
      talker.awake(play(talker, nowNs));
      if (talker.isAwake()) {
        awake[kept++] = talker;
      }
    }
    awakeCount = kept;
    if (listenerCount == 0) {
      return;
    }
    announceOn();
    float[] oldest = previousMix;
    previousMix = mix;
    mix = oldest;
    parts.mixer.mixTo(mix);
    boolean mustUpdateLoss = --ticksToLossUpdate == 0;
    ticksToLossUpdate = mustUpdateLoss ? LOSS_UPDATE_TICKS : ticksToLossUpdate;
    for (int i = 0; i < classes.size(); i++) {
      serve(classes.get(i), mustUpdateLoss, nowNs);
    }
  }

  private void announceOn() {
    AnnouncementTone tone = announcement;
    if (tone != null) {
      parts.mixer.add(tone.next());
      announcement = tone.isOver() ? null : tone;
    }
  }

  /** Returns true if the talker stays awake. */
  private boolean play(Talker talker, long nowNs) {
    talker.mixed(false, false);
    TalkerSound sound = talker.sound();
    if (sound == null || !mustDecode(talker)) {
      closeSound(talker);
      return false;
    }
    sound.audible(listenerCount > 0 && isHeardInMix(talker, nowNs));
    boolean isInaudible = sound.isInaudible();
    if (isInaudible && !mustBeAwake(talker, nowNs)) {
      sound.rest();
      return false;
    }
    if (isInaudible && !talker.mustMeasureLevel()) {
      sound.skip(nowNs);
      return true;
    }
    boolean hasSound = sound.read(nowNs) != PlayedFrame.SILENCE;
    parts.counters.increment(ConferenceCounter.FRAMES_DECODED);
    if (talker.mustMeasureLevel() && levels.isPresent(talker.number())) {
      int levelDbov = hasSound ? sound.levelDbov() : LevelMeter.LEVEL_MIN_DBOV;
      levels.onLevel(talker.number(), levelDbov, levelDbov > VOICE_DBOV, nowNs);
    }
    if (!isInaudible) {
      add(talker, sound, hasSound);
    }
    return true;
  }

  private void add(Talker talker, TalkerSound sound, boolean hasSound) {
    sound.applyGain();
    talker.mixed(true, hasSound);
    if (hasSound) {
      parts.mixer.add(sound.frame());
      heard[heardCount++] = talker;
    }
  }

  /** One of the loudest, and not one who has a place only because nobody else wants it. */
  private boolean isHeardInMix(Talker talker, long nowNs) {
    int place = ranking.placeOf(talker.number());
    return place >= 0 && place < mixedSpeakers && levels.hasSound(talker.number(), nowNs);
  }

  private void serve(MixClass mixClass, boolean mustUpdateLoss, long nowNs) {
    for (int i = 0; i < mixClass.listenerCount(); i++) {
      chooseOutput(mixClass.listener(i));
    }
    serveShared(mixClass, mustUpdateLoss, nowNs);
    for (int i = 0; i < mixClass.listenerCount(); i++) {
      MixListener listener = mixClass.listener(i);
      if (listener.ownOutput() != null) {
        serveOwn(listener, listener.ownOutput(), mustUpdateLoss);
      }
    }
  }

  /** One who is in the mix must not hear himself; one who is no longer need not be alone. */
  private void chooseOutput(MixListener listener) {
    Talker talker = listener.participant().talker();
    boolean needsOwn = talker != null && talker.isMixed();
    boolean hasOwn = listener.ownOutput() != null;
    if (needsOwn && !hasOwn) {
      MixOutput output = listener.mixClass().acquireOutput(parts.outputs);
      output.takeOver(previousMix);
      listener.ownOutput(output);
    } else if (!needsOwn && hasOwn) {
      releaseOwn(listener);
      welcome(listener.mixClass());
    }
  }

  private void serveShared(MixClass mixClass, boolean mustUpdateLoss, long nowNs) {
    int sharingCount = mixClass.sharingCount();
    if (sharingCount == 0 && mixClass.taps().isEmpty()) {
      releaseShared(mixClass);
      return;
    }
    MixOutput output = mixClass.output();
    if (output == null) {
      output = mixClass.acquireOutput(parts.outputs);
      output.takeOver(previousMix);
      mixClass.output(output);
    }
    if (mustUpdateLoss) {
      output.expectLoss(Math.min(mixClass.lossPercent(), EXPECTED_LOSS_PERCENT_MAX));
    }
    boolean isDue = output.produce(mix, parts.mixer.talkers() > 0);
    record(mixClass.taps(), output, nowNs);
    if (!isDue || sharingCount == 0) {
      return;
    }
    OutgoingFan fan = beginPacket(output, null);
    for (int i = 0; i < mixClass.listenerCount(); i++) {
      MixListener listener = mixClass.listener(i);
      if (listener.ownOutput() == null) {
        int expected = mixClass.listenersOnLoop(listener.participant().loopIndex());
        listener.addTo(fan, expected, timestampTicks, output);
      }
    }
    parts.counters.add(ConferenceCounter.MIXED_TARGETS, fan.end());
  }

  /** Recordings take what is not sent, too: so they have a packet for each tick. */
  private void record(List<RecordingTap> taps, MixOutput output, long nowNs) {
    for (int i = 0; i < taps.size(); i++) {
      RecordingTap tap = taps.get(i);
      if (tap.withholds(heard, heardCount)) {
        if (tap.goesOn()) {
          // What is recorded next must not lean on what is not.
          output.welcome();
        }
      } else if (!tap.onMix(output, nowNs, timestampTicks)) {
        parts.counters.increment(ConferenceCounter.RECORDED_PACKETS_DROPPED);
      }
    }
  }

  private void serveOwn(MixListener listener, MixOutput output, boolean mustUpdateLoss) {
    Talker self = listener.participant().talker();
    TalkerSound sound = self == null ? null : self.sound();
    float[] ownMix = mix;
    int others = parts.mixer.talkers();
    if (self != null && sound != null && self.isHeard()) {
      ownMix = parts.ownMix;
      parts.mixer.mixWithoutTo(sound.frame(), ownMix);
      others--;
    }
    if (mustUpdateLoss) {
      output.expectLoss(Math.min(listener.lossPercent(), EXPECTED_LOSS_PERCENT_MAX));
    }
    if (!output.produce(ownMix, others > 0)) {
      return;
    }
    OutgoingFan fan = beginPacket(output, self);
    listener.addTo(fan, 1, timestampTicks, output);
    parts.counters.add(ConferenceCounter.MIXED_TARGETS, fan.end());
  }

  private OutgoingFan beginPacket(MixOutput output, @Nullable Talker self) {
    OutgoingFan fan = parts.fan;
    fan.begin(output.packet(), 0, output.packetLength());
    fan.level(output.levelDbov(), output.hasVoice());
    for (int i = 0; i < heardCount; i++) {
      if (heard[i] != self) {
        fan.addCsrc(heard[i].csrc(), levels.shownDbov(heard[i].number()));
      }
    }
    output.keep(timestampTicks, fan);
    return fan;
  }

  /** Lets the shared encode's next frame be one that a newcomer's decoder can start from. */
  private static void welcome(MixClass mixClass) {
    MixOutput output = mixClass.output();
    if (output != null) {
      output.welcome();
    }
  }

  private void releaseOwn(MixListener listener) {
    MixOutput output = listener.ownOutput();
    if (output != null) {
      listener.ownOutput(null);
      parts.outputs.release(output);
    }
  }

  private void releaseShared(MixClass mixClass) {
    MixOutput output = mixClass.output();
    if (output != null) {
      mixClass.output(null);
      parts.outputs.release(output);
    }
  }

  private static void closeSound(Talker talker) {
    TalkerSound sound = talker.sound();
    if (sound != null) {
      talker.sound(null);
      sound.close();
    }
  }
}
