import { useEffect, useState } from 'react';

type Drawing = { readonly size: number; readonly path: string };

/** Light around the code, in modules, as ISO/IEC 18004 asks for. */
const QUIET = 4;

/** A QR code drawn here: what it holds goes nowhere. Dark on light in both themes, as scanners expect. */
export const QrCode = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  useEffect(() => {
    let isThere = true;
    void draw(text).then((drawn) => isThere && setDrawing(drawn), () => undefined);
    return () => {
      isThere = false;
    };
  }, [text]);
  return (
    <span className="qr-code">
      {drawing !== null && (
        <svg role="img" aria-label={label} viewBox={`0 0 ${drawing.size} ${drawing.size}`} shapeRendering="crispEdges">
          <rect width="100%" height="100%" fill="#fff" />
          <path d={drawing.path} fill="#000" />
        </svg>
      )}
    </span>
  );
};

const draw = async (text: string): Promise<Drawing> => {
  const { create } = await import('qrcode');
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  let path = '';
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) if (modules.get(row, column) !== 0) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
  }
  return { size: modules.size + 2 * QUIET, path };
};
