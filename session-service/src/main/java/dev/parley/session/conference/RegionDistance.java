package dev.parley.session.conference;

import dev.parley.common.id.Region;

/**
 * How far a region is from somebody who comes to a conference.
 *
 * @param rttMs round trip in milliseconds, measured or guessed
 */
public record RegionDistance(Region region, double rttMs) {}
