package org.passerelle.identification.members;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.passerelle.edge.WhoeverWritesStillActs;
import org.passerelle.identification.arriving.ArrivalStream;
import org.passerelle.identification.casefile.CaseStream;
import org.passerelle.identification.emergency.GlassStream;

/** Whoever was removed or suspended while their command was being decided writes nothing. */
@ApplicationScoped
public class WhoeverCommandsStillActs extends WhoeverWritesStillActs {

    WhoeverCommandsStillActs() {
        super(Set.of(CaseStream.CATEGORY, GlassStream.CATEGORY, ArrivalStream.CATEGORY));
    }
}
