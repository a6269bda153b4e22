// A placeholder: page.ts puts the characters of src/common/visible.ts here, so that both make the same ones visible.
export const hidden = "";
