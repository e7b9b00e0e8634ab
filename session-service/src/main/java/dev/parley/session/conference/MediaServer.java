package dev.parley.session.conference;

import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;

/**
 * One running media server process. A restart is another {@code incarnation}: whatever the old one
 * held is gone, so the two are never equal.
 */
public record MediaServer(ServerId server, String incarnation, Region region) {}
