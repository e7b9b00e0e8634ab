package dev.parley.media.speaker;

import java.util.Arrays;

/**
 * How loud each talker of one conference is, on several time scales, in dBov from -127 (silence) to
 * 0 (full scale), RFC 6464's unit with its sign. Talkers are small numbers given by the caller.
 * Levels come with packets; {@link #update} smooths them, usually each 20 ms. Owned by one mix
 * agent.
 */
public final class TalkerLevels {
  /** Level of digital silence. */
  public static final int SILENCE_DBOV = -127;

  /** A talker whose score is above this is active: he may take somebody's place. */
  public static final float ACTIVE_DBOV = -60f;

  /**
   * A level up to this is as good as silence: where speech, at -25 dBov, is heard at 65 dB, this is
   * the 20 dB of a recording studio, below the noise of any room it could be heard in.
   */
  static final int SOUND_DBOV = -70;

  /** How long after his last sound a talker still has one, so that pauses change nothing. */
  static final long SOUND_HOLDS_NS = 1_000_000_000L;

  /** Time constant of a rising score: two frames, so a click of one frame stays below speech. */
  static final float ATTACK_MS = 30f;

  /** Time constant of a falling score: long enough to bridge the pause between two words. */
  static final float DECAY_MS = 800f;

  /** Time constant of the medium scale, about a word. */
  static final float MEDIUM_MS = 300f;

  /** Time constant of the long scale, about a sentence. */
  static final float LONG_MS = 1500f;

  /** Time constant of the level shown to people. */
  static final float SHOWN_MS = 60f;

  /** Time constant of a talker's recent level rising: what lasts for longer is no beginning. */
  static final float RECENT_ATTACK_MS = 150f;

  /**
   * Time constant of the same falling: a stop within a word ends nothing, a pause for breath does.
   */
  static final float RECENT_DECAY_MS = 1000f;

  /**
   * How far above his own recent level one is who has just begun, in dB. Syllables of running
   * speech stay below that; speech above the noise of a room does not.
   */
  static final float ONSET_DB = 10f;

  /** A packet's level holds this long without a new one: the longest Opus packet. */
  static final long LEVEL_HOLDS_NS = 120_000_000L;

  /**
   * What a packet without the voice flag loses, if its talker was ever seen to set the flag: a fan
   * must be this much louder than a voice to be preferred.
   */
  static final float NO_VOICE_PENALTY_DB = 15f;

  private static final int INITIAL_CAPACITY = 8;
  private static final long UPDATE_STEP_NS_MAX = 1_000_000_000L;

  private boolean[] isPresent = new boolean[INITIAL_CAPACITY];
  private boolean[] wasHeard = new boolean[INITIAL_CAPACITY];
  private boolean[] hasVoiceFlag = new boolean[INITIAL_CAPACITY];
  private boolean[] isFresh = new boolean[INITIAL_CAPACITY];
  private float[] latestDbov = new float[INITIAL_CAPACITY];
  private float[] latestScore = new float[INITIAL_CAPACITY];
  private long[] latestNs = new long[INITIAL_CAPACITY];
  private long[] activeNs = new long[INITIAL_CAPACITY];
  private long[] soundNs = new long[INITIAL_CAPACITY];
  private float[] shownDbov = new float[INITIAL_CAPACITY];
  private float[] shortScore = new float[INITIAL_CAPACITY];
  private float[] mediumScore = new float[INITIAL_CAPACITY];
  private float[] longScore = new float[INITIAL_CAPACITY];
  private float[] recentDbov = new float[INITIAL_CAPACITY];
  private int end;
  private long updatedNs;

  /** Starts at a time of the clock that later calls read. */
  public TalkerLevels(long nowNs) {
    updatedNs = nowNs;
  }

  /**
   * Adds a talker, silent until heard. Small numbers are cheap: arrays are as long as the largest.
   */
  public void add(int talker) {
    assert talker >= 0 && !isPresent(talker) : talker;
    ensureCapacity(talker + 1);
    isPresent[talker] = true;
    wasHeard[talker] = false;
    hasVoiceFlag[talker] = false;
    isFresh[talker] = false;
    latestDbov[talker] = SILENCE_DBOV;
    latestScore[talker] = SILENCE_DBOV;
    activeNs[talker] = Long.MIN_VALUE;
    soundNs[talker] = Long.MIN_VALUE;
    shownDbov[talker] = SILENCE_DBOV;
    shortScore[talker] = SILENCE_DBOV;
    mediumScore[talker] = SILENCE_DBOV;
    longScore[talker] = SILENCE_DBOV;
    recentDbov[talker] = SOUND_DBOV;
    end = Math.max(end, talker + 1);
  }

  /** Forgets a talker; the number may be used again. */
  public void remove(int talker) {
    assert isPresent(talker) : talker;
    isPresent[talker] = false;
    while (end > 0 && !isPresent[end - 1]) {
      end--;
    }
  }

  /**
   * Takes the level of one packet, -127..0 dBov. Of several between two updates the loudest counts.
   */
  public void onLevel(int talker, int levelDbov, boolean voiceActivity, long nowNs) {
    assert isPresent(talker) : talker;
    float dbov = Math.clamp(levelDbov, SILENCE_DBOV, 0);
    hasVoiceFlag[talker] |= voiceActivity;
    boolean isPenalised = hasVoiceFlag[talker] && !voiceActivity;
    float score = isPenalised ? Math.max(SILENCE_DBOV, dbov - NO_VOICE_PENALTY_DB) : dbov;
    boolean isMore = isFresh[talker];
    latestDbov[talker] = isMore ? Math.max(latestDbov[talker], dbov) : dbov;
    latestScore[talker] = isMore ? Math.max(latestScore[talker], score) : score;
    latestNs[talker] = nowNs;
    isFresh[talker] = true;
    wasHeard[talker] = true;
    if (dbov > SOUND_DBOV) {
      soundNs[talker] = nowNs;
    }
  }

  /** Moves every score on to a time not before the last one. */
  public void update(long nowNs) {
    float stepMs = Math.clamp(nowNs - updatedNs, 0L, UPDATE_STEP_NS_MAX) / 1e6f;
    updatedNs = nowNs;
    float attack = share(stepMs, ATTACK_MS);
    float decay = share(stepMs, DECAY_MS);
    float medium = share(stepMs, MEDIUM_MS);
    float sentence = share(stepMs, LONG_MS);
    float shown = share(stepMs, SHOWN_MS);
    float recentAttack = share(stepMs, RECENT_ATTACK_MS);
    float recentDecay = share(stepMs, RECENT_DECAY_MS);
    for (int talker = 0; talker < end; talker++) {
      if (!wasHeard[talker] || !isPresent[talker]) {
        continue;
      }
      if (!isFresh[talker] && nowNs - latestNs[talker] > LEVEL_HOLDS_NS) {
        latestDbov[talker] = SILENCE_DBOV;
        latestScore[talker] = SILENCE_DBOV;
      }
      isFresh[talker] = false;
      float score = latestScore[talker];
      float rise = score - shortScore[talker];
      shortScore[talker] += rise * (rise > 0 ? attack : decay);
      mediumScore[talker] += (score - mediumScore[talker]) * medium;
      longScore[talker] += (score - longScore[talker]) * sentence;
      shownDbov[talker] += (latestDbov[talker] - shownDbov[talker]) * shown;
      // All silence is alike: otherwise noise would be a beginning to one whose client sends zeros.
      float recentRise = Math.max(SOUND_DBOV, latestDbov[talker]) - recentDbov[talker];
      recentDbov[talker] += recentRise * (recentRise > 0 ? recentAttack : recentDecay);
      if (shortScore[talker] > ACTIVE_DBOV) {
        activeNs[talker] = nowNs;
      }
    }
  }

  /** The share of the way to a new value that a step goes: 1 - e^(-step / time constant). */
  private static float share(float stepMs, float timeConstantMs) {
    return (float) -Math.expm1(-stepMs / timeConstantMs);
  }

  /** True between {@link #add} and {@link #remove}. */
  public boolean isPresent(int talker) {
    return talker < end && isPresent[talker];
  }

  /** True once a level came. */
  public boolean wasHeard(int talker) {
    return wasHeard[talker];
  }

  /** The level to show people, lightly smoothed and without the voice flag's say. */
  public int shownDbov(int talker) {
    return Math.round(shownDbov[talker]);
  }

  /** True while the talker's short score is above {@link #ACTIVE_DBOV}. */
  public boolean isActive(int talker) {
    return shortScore[talker] > ACTIVE_DBOV;
  }

  /** False if a packet of the talker with such a level is as good as silent, or only noise. */
  public boolean isSound(int talker, int levelDbov, boolean voiceActivity) {
    return levelDbov > SOUND_DBOV && (voiceActivity || !hasVoiceFlag[talker]);
  }

  /**
   * True if a packet of such a level stands out from how loud the talker has been of late, his
   * room's noise or his own voice: then he has just begun, and not talked on.
   */
  public boolean isOnset(int talker, int levelDbov) {
    return levelDbov >= recentDbov[talker] + ONSET_DB;
  }

  /** False while a talker has been silent for so long that leaving him out changes no sound. */
  public boolean hasSound(int talker, long nowNs) {
    return soundNs[talker] != Long.MIN_VALUE && nowNs - soundNs[talker] <= SOUND_HOLDS_NS;
  }

  /** True if the talker was active at some time since the one given. */
  boolean wasActiveSince(int talker, long sinceNs) {
    return activeNs[talker] != Long.MIN_VALUE && activeNs[talker] - sinceNs >= 0;
  }

  /** Score over a frame or two, falling slowly: what selection goes by. */
  float shortScore(int talker) {
    return shortScore[talker];
  }

  /** Score over about a word. */
  float mediumScore(int talker) {
    return mediumScore[talker];
  }

  /** Score over about a sentence. */
  float longScore(int talker) {
    return longScore[talker];
  }

  /** One more than the largest talker present. */
  int end() {
    return end;
  }

  private void ensureCapacity(int capacity) {
    if (capacity <= isPresent.length) {
      return;
    }
    int length = Math.max(capacity, 2 * isPresent.length);
    isPresent = Arrays.copyOf(isPresent, length);
    wasHeard = Arrays.copyOf(wasHeard, length);
    hasVoiceFlag = Arrays.copyOf(hasVoiceFlag, length);
    isFresh = Arrays.copyOf(isFresh, length);
    latestDbov = Arrays.copyOf(latestDbov, length);
    latestScore = Arrays.copyOf(latestScore, length);
    latestNs = Arrays.copyOf(latestNs, length);
    activeNs = Arrays.copyOf(activeNs, length);
    soundNs = Arrays.copyOf(soundNs, length);
    shownDbov = Arrays.copyOf(shownDbov, length);
    shortScore = Arrays.copyOf(shortScore, length);
    mediumScore = Arrays.copyOf(mediumScore, length);
    longScore = Arrays.copyOf(longScore, length);
    recentDbov = Arrays.copyOf(recentDbov, length);
  }
}
